#include "harness/run/profile_functions.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "harness/run/test_profiles.h"

namespace leakbench {
namespace {

constexpr std::int64_t kPeriod = 4'000'000;

std::vector<std::string> names_of(const FunctionProfile& profile) {
  std::vector<std::string> names;
  for (const ProfileFunction& function : profile.functions) names.push_back(function.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(ProfileFunctions, OfACpuProfileAreSamplesTimesTheirPeriod) {
  const auto profile = parse_google_pprof(kGoogleCpuText, kPeriod);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->total, 25 * kPeriod);
  ASSERT_EQ(profile->functions.size(), 9u);
  EXPECT_EQ(profile->functions[0].name, "crunch (inline)");
  EXPECT_EQ(profile->functions[0].self, 18 * kPeriod);
  EXPECT_EQ(profile->functions[0].with_callees, 18 * kPeriod);
  EXPECT_EQ(profile->functions[3].name, "leakbench::expensive_work (coroutine) (inline)");
}

TEST(ProfileFunctions, OfAHeapProfileAreBytes) {
  const auto profile = parse_google_pprof(kGoogleHeapText, 1);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->total, 2'629'866);
  EXPECT_EQ(profile->functions[2].name, "Payload (inline)");
  EXPECT_EQ(profile->functions[2].self, 0);
  EXPECT_EQ(profile->functions[2].with_callees, 2'105'354);
}

TEST(ProfileFunctions, OfGosToolAreInTheUnitThatWasAskedFor) {
  const auto cpu = parse_go_pprof(kGoCpuText);
  ASSERT_TRUE(cpu.has_value());
  EXPECT_EQ(cpu->total, 480'000'000);
  ASSERT_EQ(cpu->functions.size(), 5u);
  EXPECT_EQ(cpu->functions[0].name, "main.burn");
  EXPECT_EQ(cpu->functions[0].self, 400'000'000);
  EXPECT_EQ(cpu->functions[4].self, 0);
  const auto heap = parse_go_pprof(kGoHeapText);
  ASSERT_TRUE(heap.has_value());
  EXPECT_EQ(heap->total, 11'043'889);
  EXPECT_EQ(heap->functions[1].name, "scenarios/orphaned-task/go.expensiveWork");
  EXPECT_EQ(heap->functions[1].with_callees, 3'684'370);
}

TEST(ProfileFunctions, AProfileWithoutSamplesHasNone) {
  for (const char* text : {"", "Total: 0 samples\n"}) {
    const auto google = parse_google_pprof(text, kPeriod);
    ASSERT_TRUE(google.has_value()) << text;
    EXPECT_EQ(google->total, 0);
    EXPECT_TRUE(google->functions.empty());
  }
  const auto go = parse_go_pprof(
      "Type: cpu\nShowing nodes accounting for 0, 0% of 0 total\n"
      "      flat  flat%   sum%        cum   cum%\n");
  ASSERT_TRUE(go.has_value());
  EXPECT_TRUE(go->functions.empty());
}

TEST(ProfileFunctions, ATextWithoutATableIsNone) {
  EXPECT_FALSE(parse_go_pprof("").has_value());
  for (const char* text : {"Total:", "Total: many samples\n", "Total: -1 samples\n",
                           "Total: 99999999999999999999 B\n", "no such file\n"}) {
    EXPECT_FALSE(parse_google_pprof(text, 1).has_value()) << text;
    EXPECT_FALSE(parse_go_pprof(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_google_pprof("Total: 9223372036854775807 samples\n", kPeriod).has_value());
}

TEST(ProfileFunctions, LinesThatAreNoRowsArePassedOver) {
  const auto profile = parse_google_pprof(
      "Total: 2 samples\nnonsense\n  1 50.0%\n  1 50.0% 50.0% 1 50.0% \n  1 50.0% 50.0% 1 50.0% f "
      "g\n",
      1);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(names_of(*profile), Names{"f g"});
}

TEST(ProfileFunctions, TheFirstOfCpuTimeAreThoseThatUsedIt) {
  const auto profile = parse_google_pprof(kGoogleCpuText, 1);
  const auto first = first_functions(*profile, ProfileKind::kCpu, 10);
  EXPECT_EQ(names_of(first), (Names{"crunch (inline)", "epoll_pwait2", "0x00007fd930d0db46",
                                    "leakbench::TimerEnd::on_event",
                                    "leakbench::expensive_work (coroutine) (inline)",
                                    "leakbench::Worker::run", "expensive_work"}));
  EXPECT_EQ(first.total, 25);
  EXPECT_EQ(names_of(first_functions(*profile, ProfileKind::kCpu, 2)),
            (Names{"crunch (inline)", "epoll_pwait2"}));
}

TEST(ProfileFunctions, TheFirstOfMemoryAreThoseThatHadItAllocated) {
  const auto profile = parse_google_pprof(kGoogleHeapText, 1);
  EXPECT_EQ(
      names_of(first_functions(*profile, ProfileKind::kHeap, 10)),
      (Names{"expensive_work", "Payload (inline)", "leakbench::FramePool::allocate (inline)"}));
}

TEST(ReadableFunction, LeavesOutWhatTheCompilerHasAdded) {
  EXPECT_EQ(readable_function("leakbench::::work [clone .actor]"), "leakbench::work (coroutine)");
  EXPECT_EQ(readable_function("work [clone .destroy]"), "work (coroutine's end)");
  EXPECT_EQ(readable_function("f [clone .isra.0] [clone .cold]"), "f");
  EXPECT_EQ(readable_function("f [clone ."), "f");
  EXPECT_EQ(readable_function("clone3@@GLIBC_2.34"), "clone3");
  EXPECT_EQ(readable_function("__GI_shutdown"), "shutdown");
  EXPECT_EQ(readable_function("@@odd"), "@@odd");
  EXPECT_EQ(readable_function("main.(*server).serve"), "main.(*server).serve");
}

std::string header(const std::array<std::uint64_t, 5>& words) {
  std::string text(sizeof words, '\0');
  std::memcpy(text.data(), words.data(), sizeof words);
  return text;
}

TEST(SamplePeriod, StandsInTheHeaderOfACpuProfile) {
  EXPECT_EQ(sample_period_ns(header({0, 3, 0, 4'000, 0}) + "what follows"), 4'000'000);
  EXPECT_EQ(sample_period_ns(header({0, 3, 0, 0, 0})), std::nullopt);
  EXPECT_EQ(sample_period_ns(header({0, 3, 0, ~0ull, 0})), std::nullopt);
  EXPECT_EQ(sample_period_ns(header({1, 3, 0, 4'000, 0})), std::nullopt);
  EXPECT_EQ(sample_period_ns("heap profile: 1: 2 [3: 4] @ heap_v2/524288\n"), std::nullopt);
  EXPECT_EQ(sample_period_ns(""), std::nullopt);
}

}  // namespace
}  // namespace leakbench
