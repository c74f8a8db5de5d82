#include "harness/probe/pprof_profile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/probe/test_goroutines.h"
#include "harness/probe/test_wire_writer.h"

namespace leakbench {
namespace {

PprofProfile parse_captured(const std::string& name) {
  auto profile = parse_pprof(captured(name));
  EXPECT_TRUE(profile) << profile.error();
  return *std::move(profile);
}

// A profile of one sample: five goroutines in main.work, called by main.main in the same location.
// The field numbers are those of profile.proto.
class SmallProfile {
 public:
  WireWriter sample_type = WireWriter().number(1, 1).number(2, 2);
  WireWriter label = WireWriter().number(1, 6).number(2, 7);
  WireWriter sample;
  WireWriter inner_line = WireWriter().number(1, 11).number(2, 33);
  WireWriter outer_line = WireWriter().number(1, 12).number(2, 80);
  WireWriter location;
  std::vector<WireWriter> functions = {
      WireWriter().number(1, 11).number(2, 3).number(4, 5).number(5, 30),
      WireWriter().number(1, 12).number(2, 4).number(4, 5).number(5, 78)};
  std::vector<std::string> strings = {"",          "goroutine", "count", "main.work",
                                      "main.main", "main.go",   "route", "/leak"};

  SmallProfile() {
    sample.packed(1, {21}).packed(2, {5});
    location.number(1, 21).number(3, 0x4711);
  }

  std::string bytes() const {
    WireWriter profile;
    profile.message(1, sample_type);
    profile.message(2, WireWriter(sample).message(3, label));
    profile.message(4, WireWriter(location).message(4, inner_line).message(4, outer_line));
    for (const WireWriter& function : functions) profile.message(5, function);
    for (const std::string& string : strings) profile.text(6, string);
    return profile.bytes();
  }

  std::string error(const PprofLimits& limits = {}) const {
    const auto profile = decode_pprof(bytes(), limits);
    EXPECT_FALSE(profile);
    return profile ? "" : profile.error();
  }
};

TEST(PprofProfile, ReadsTheGoroutinesOfARealServer) {
  const PprofProfile profile = parse_captured("goroutine.pb.gz");
  ASSERT_EQ(profile.sample_types.size(), 1u);
  EXPECT_EQ(profile.sample_types[0].type, "goroutine");
  EXPECT_EQ(profile.sample_types[0].unit, "count");
  EXPECT_EQ(profile.totals, (std::vector<std::int64_t>{68}));
  ASSERT_EQ(profile.samples.size(), 42u);
  const PprofSample& most = profile.samples[0];
  EXPECT_EQ(most.values, (std::vector<std::int64_t>{20}));
  EXPECT_EQ(
      shown(most.stack, profile.frames),
      (std::vector<std::string>{
          "runtime.gopark runtime/proc.go:462", "runtime.chansend runtime/chan.go:283",
          "runtime.chansend1 runtime/chan.go:161", "main.chargeCard example.com/shop/main.go:33",
          "main.main.func1 example.com/shop/main.go:80"}));
  EXPECT_EQ(profile.frames[most.stack[1]].function_line, 176);
  EXPECT_TRUE(most.labels.empty());
}

TEST(PprofProfile, ReadsLabelsOfARealServer) {
  const PprofProfile profile = parse_captured("goroutine.pb.gz");
  const auto labelled =
      std::find_if(profile.samples.begin(), profile.samples.end(),
                   [](const PprofSample& sample) { return !sample.labels.empty(); });
  ASSERT_NE(labelled, profile.samples.end());
  ASSERT_EQ(labelled->labels.size(), 2u);
  EXPECT_EQ(labelled->labels[0].key, "route");
  EXPECT_EQ(labelled->labels[0].text, "/checkout");
  EXPECT_EQ(labelled->labels[0].number, std::nullopt);
  EXPECT_EQ(labelled->labels[1].key, "user");
  EXPECT_EQ(labelled->labels[1].text, "\"Zoë\"\tA]:}");
}

TEST(PprofProfile, ReadsADifferenceOfProfilesWithItsSigns) {
  const PprofProfile profile = parse_captured("goroutine_delta.pb.gz");
  std::vector<std::int64_t> values;
  for (const PprofSample& sample : profile.samples) values.push_back(sample.values.at(0));
  EXPECT_EQ(values, (std::vector<std::int64_t>{1, -1, 7, -1, 1}));
  EXPECT_EQ(profile.totals, (std::vector<std::int64_t>{7}));
}

TEST(PprofProfile, ReadsAHeapProfileWithFourValuesPerSample) {
  const PprofProfile profile = parse_captured("heap.pb.gz");
  ASSERT_EQ(profile.sample_types.size(), 4u);
  EXPECT_EQ(profile.sample_types[3].type, "inuse_space");
  EXPECT_EQ(profile.sample_types[3].unit, "bytes");
  EXPECT_EQ(profile.totals, (std::vector<std::int64_t>{2973, 22348351, 1093, 17301744}));
  EXPECT_EQ(profile.samples[0].labels[0].key, "bytes");
  EXPECT_EQ(profile.samples[0].labels[0].number, 262144);
}

TEST(PprofProfile, InlinedCallsAreFramesOfTheirOwn) {
  const auto profile = decode_pprof(SmallProfile().bytes());
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(profile->totals, (std::vector<std::int64_t>{5}));
  ASSERT_EQ(profile->samples.size(), 1u);
  EXPECT_EQ(shown(profile->samples[0].stack, profile->frames),
            (std::vector<std::string>{"main.work main.go:33", "main.main main.go:80"}));
  EXPECT_EQ(profile->frames[1].function_line, 78);
}

TEST(PprofProfile, PassesOverFieldsThatItDoesNotKnow) {
  const std::string more = WireWriter().number(12, 1).text(900, "new").bytes();
  EXPECT_TRUE(decode_pprof(more + SmallProfile().bytes() + more));
}

TEST(PprofProfile, AnAddressWithoutANameIsItsFunction) {
  SmallProfile small;
  small.sample = WireWriter().packed(1, {21, 22}).packed(2, {5});
  const std::string nameless =
      WireWriter().message(4, WireWriter().number(1, 22).number(3, 0xabc)).bytes();
  const auto profile = decode_pprof(small.bytes() + nameless);
  ASSERT_TRUE(profile) << profile.error();
  EXPECT_EQ(shown(profile->samples[0].stack, profile->frames).back(), "0xabc");
}

TEST(PprofProfile, ReferencesThatLeadNowhereAreErrors) {
  SmallProfile small;
  small.sample = WireWriter().number(1, 99).number(2, 5);
  EXPECT_EQ(small.error(), "not a pprof profile, byte 8: location 99 is missing");
  small = {};
  small.inner_line = WireWriter().number(1, 99);
  EXPECT_NE(small.error().find(": function 99 is missing"), std::string::npos);
  small = {};
  small.label = WireWriter().number(1, 8).number(2, 7);
  EXPECT_NE(small.error().find(": string 8 of 8"), std::string::npos);
  small = {};
  small.sample_type = WireWriter().number(1, ~0ull);
  EXPECT_EQ(small.error(), "not a pprof profile, byte 2: string 18446744073709551615 of 8");
}

TEST(PprofProfile, EntriesWithoutANumberOrWithATakenOneAreErrors) {
  SmallProfile small;
  small.functions[1] = small.functions[0];
  EXPECT_NE(small.error().find(": a second function with the number 11"), std::string::npos);
  small = {};
  small.location = WireWriter();
  EXPECT_NE(small.error().find(": a location without a number"), std::string::npos);
}

TEST(PprofProfile, ASampleHasAValuePerSampleType) {
  SmallProfile small;
  small.sample = WireWriter().number(1, 21);
  EXPECT_EQ(small.error(),
            "not a pprof profile, byte 8: a sample with 0 values where there are 1 sample types");
  small.sample = WireWriter().number(1, 21).packed(2, {1, 2});
  EXPECT_NE(small.error().find("a sample with 2 values"), std::string::npos);
}

TEST(PprofProfile, AProfileWithoutSampleTypesOrStringsIsNone) {
  EXPECT_NE(decode_pprof("").error().find("the table of strings does not begin with an empty one"),
            std::string::npos);
  EXPECT_EQ(decode_pprof(WireWriter().text(6, "").bytes()).error(),
            "not a pprof profile, byte 0: a profile without a sample type");
  SmallProfile small;
  small.strings[0] = "x";
  EXPECT_NE(small.error().find("does not begin with an empty one"), std::string::npos);
}

TEST(PprofProfile, ValuesThatOverflowTheirSumAreAnError) {
  SmallProfile small;
  const std::uint64_t most = INT64_MAX;
  small.sample = WireWriter().number(1, 21).number(2, most);
  const std::string one_more =
      WireWriter().message(2, WireWriter().number(1, 21).number(2, 1)).bytes();
  ASSERT_TRUE(decode_pprof(small.bytes()));
  EXPECT_NE(decode_pprof(small.bytes() + one_more).error().find("add up to more than 63 bits"),
            std::string::npos);
}

TEST(PprofProfile, EveryLimitEndsInAnError) {
  const SmallProfile small;
  EXPECT_NE(small.error({.entries = 7}).find(": more than 7 strings"), std::string::npos);
  EXPECT_NE(small.error({.entries = 1}).find(": more than 1 lines"), std::string::npos);
  EXPECT_NE(small.error({.bytes = 20}).find(": names of more than 20 bytes"), std::string::npos);
  EXPECT_NE(small.error({.references = 1}).find(": stacks of more than 1 calls"),
            std::string::npos);
  EXPECT_NE(small.error({.references = 0}).find(": more than 0 numbers"), std::string::npos);
}

TEST(PprofProfile, ALongNameThatManyReferToDoesNotMultiply) {
  SmallProfile small;
  small.strings[7] = std::string(1'000'000, 'x');
  std::string profile = small.bytes();
  const std::string sample =
      WireWriter().message(2, WireWriter().number(2, 1).message(3, small.label)).bytes();
  for (int i = 0; i < 1'000; ++i) profile += sample;
  const auto decoded = decode_pprof(profile);
  ASSERT_FALSE(decoded);
  EXPECT_NE(decoded.error().find(": names of more than 67108864 bytes"), std::string::npos);
}

TEST(PprofProfile, GzipIsCheckedFirst) {
  EXPECT_EQ(parse_pprof("Unknown profile\n").error(),
            "not a pprof profile: not gzip: it starts with \"Unknown profile\\x0a\"");
  EXPECT_EQ(parse_pprof(gzipped(std::string(2'000, '\0')), {.bytes = 1'000}).error(),
            "not a pprof profile: gzip that unpacks to more than 1000 bytes");
}

}  // namespace
}  // namespace leakbench
