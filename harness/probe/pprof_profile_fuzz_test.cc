// Whatever a server sends as a profile, decoding it gives a consistent profile or an error of one
// line. Seeded and so repeatable; the sanitizer builds run it too.
#include <gtest/gtest.h>

#include "harness/probe/goroutine_profile.h"
#include "harness/probe/gunzip.h"
#include "harness/probe/test_goroutines.h"
#include "harness/probe/test_wire_writer.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr const char* kCorpus[] = {"goroutine.pb.gz", "goroutine_delta.pb.gz",
                                   "goroutineleak.pb.gz", "heap.pb.gz"};
constexpr std::size_t kEnough = 1 << 20;

// Low, so that mutations reach them.
constexpr PprofLimits kLimits{.bytes = 200'000, .entries = 2'000, .references = 4'000};

// A few bytes changed, added, lost, repeated or cut off. Small values are tags and lengths.
std::string damaged_bytes(std::string bytes, Dice& dice, std::size_t most_edits) {
  for (std::size_t edits = 1 + dice.below(most_edits); edits > 0 && !bytes.empty(); --edits) {
    const std::size_t at = dice.below(bytes.size());
    switch (dice.below(8)) {
      case 0:
        bytes[at] = dice.byte();
        break;
      case 1:
        bytes[at] = static_cast<char>(dice.below(64));
        break;
      case 2:
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << dice.below(8));
        break;
      case 3:
        bytes.erase(at, 1 + dice.below(4));
        break;
      case 4:
        bytes.insert(at, 1 + dice.below(12), dice.below(2) ? '\xff' : '\x80');
        break;
      case 5:
        bytes.insert(at, bytes.substr(dice.below(bytes.size()), dice.below(2'000)));
        break;
      case 6:
        bytes.insert(at, WireWriter().varint(std::uint64_t{1} << dice.below(64)).bytes());
        break;
      default:
        if (dice.below(8) == 0) bytes.resize(at);
    }
  }
  return bytes;
}

// Everything that is said about a profile is true of it.
void expect_consistent(const PprofProfile& profile) {
  ASSERT_FALSE(profile.sample_types.empty());
  ASSERT_EQ(profile.totals.size(), profile.sample_types.size());
  ASSERT_LE(profile.samples.size(), kLimits.entries);
  std::vector<std::int64_t> totals(profile.totals.size());
  for (const PprofSample& sample : profile.samples) {
    ASSERT_EQ(sample.values.size(), totals.size());
    for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += sample.values[i];
    for (const std::uint32_t place : sample.stack) {
      if (place >= profile.frames.size()) FAIL() << place;
    }
  }
  EXPECT_EQ(totals, profile.totals);
}

// True when it was accepted.
bool decode_and_use(Parsed<PprofProfile> profile) {
  if (!profile) {
    expect_one_line(profile.error());
    return false;
  }
  expect_consistent(*profile);
  const auto goroutines = goroutine_profile(*std::move(profile));
  if (goroutines) {
    for (const GoroutineGroup& group : goroutines->groups) EXPECT_NE(group.count, 0);
  } else {
    expect_one_line(goroutines.error());
  }
  return true;
}

TEST(PprofProfileFuzz, DamagedProfilesGiveAProfileOrAnError) {
  int accepted = 0;
  for (const char* name : kCorpus) {
    const auto message = gunzip(captured(name), kEnough);
    ASSERT_TRUE(message) << message.error();
    ASSERT_TRUE(decode_and_use(decode_pprof(*message, kLimits)));
    for (unsigned seed = 0; seed < 500; ++seed) {
      Dice dice(seed);
      const std::string bytes = damaged_bytes(*message, dice, 1 + seed % 6);
      // A copy of exactly that size: reading past it is reading past an allocation.
      accepted += decode_and_use(decode_pprof(std::string(bytes.begin(), bytes.end()), kLimits));
    }
  }
  // Some mutations must get through and most must not: else the mutator tests nothing.
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 1'300);
}

TEST(PprofProfileFuzz, DamagedGzipGivesAProfileOrAnError) {
  int accepted = 0;
  for (const char* name : kCorpus) {
    const std::string gzip = captured(name);
    for (unsigned seed = 0; seed < 250; ++seed) {
      Dice dice(seed);
      accepted += decode_and_use(parse_pprof(damaged_bytes(gzip, dice, 3), kLimits));
    }
  }
  EXPECT_LT(accepted, 100);  // the checksum sees to that
}

TEST(PprofProfileFuzz, EveryBeginningOfAProfileGivesAProfileOrAnError) {
  const auto message = gunzip(captured("goroutine_delta.pb.gz"), kEnough);
  ASSERT_TRUE(message);
  for (std::size_t size = 0; size < message->size(); ++size) {
    decode_and_use(decode_pprof(message->substr(0, size), kLimits));
  }
}

TEST(PprofProfileFuzz, GarbageIsRefused) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    std::string bytes(1 + dice.below(5'000), '\0');
    for (char& byte : bytes) byte = dice.byte();
    EXPECT_FALSE(decode_and_use(decode_pprof(bytes, kLimits)));
    EXPECT_FALSE(decode_and_use(parse_pprof(bytes, kLimits)));
  }
}

}  // namespace
}  // namespace leakbench
