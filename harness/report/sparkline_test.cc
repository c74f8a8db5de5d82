#include "harness/report/sparkline.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using Stretches = std::vector<std::optional<std::int64_t>>;

TEST(Sparkline, RisesFromNothingToTheTop) {
  EXPECT_EQ(sparkline({0, 1, 2, 3, 4, 5, 6, 7}, 7), "▁▂▃▄▅▆▇█");
}

TEST(Sparkline, ShowsOneTaskAmongManyAsMoreThanNone) {
  EXPECT_EQ(sparkline({0, 1, 20'000}, 20'000), "▁▂█");
}

TEST(Sparkline, LeavesABlankWhereNothingWasMeasured) {
  EXPECT_EQ(sparkline({5, std::nullopt, 0}, 5), "█ ▁");
}

TEST(Sparkline, OfNothingButNoneStaysAtTheBottom) { EXPECT_EQ(sparkline({0, 0}, 0), "▁▁"); }

TEST(MostInStretches, LosesNoPeak) {
  EXPECT_EQ(most_in_stretches({{0, 1}, {3, 900}, {6, 2}, {10, 4}}, 0, 20, 2), (Stretches{900, 4}));
}

TEST(MostInStretches, GoesOnWithTheLastSampleUntilTheNext) {
  EXPECT_EQ(most_in_stretches({{-5, 7}, {12, 3}, {39, 1}}, 0, 40, 4), (Stretches{7, 3, 3, 1}));
}

TEST(MostInStretches, HasNothingBehindTheLastSample) {
  EXPECT_EQ(most_in_stretches({{1, 7}}, 0, 30, 3), (Stretches{7, std::nullopt, std::nullopt}));
}

TEST(MostInStretches, HasNothingBeforeTheFirstSampleNorWhereItWasNotMeasured) {
  EXPECT_EQ(most_in_stretches({{11, std::nullopt}, {21, 5}}, 0, 30, 3),
            (Stretches{std::nullopt, std::nullopt, 5}));
}

TEST(MostInStretches, HoldsACountOverSamplesWithoutOneForASecond) {
  constexpr std::int64_t kMs = 1'000'000;
  std::vector<LiveTasksSample> samples = {{-100 * kMs, 7}};
  for (int at = 50; at < 2'000; at += 100) samples.push_back({at * kMs, std::nullopt});
  samples[15].live_tasks = 3;  // at 1,450 ms, 550 ms after the 7 has become too old
  EXPECT_EQ(most_in_stretches(samples, 0, 2'000 * kMs, 10),
            (Stretches{7, 7, 7, 7, 7, std::nullopt, std::nullopt, 3, 3, 3}));
}

TEST(MostInStretches, OfNoTimeAreEmpty) {
  EXPECT_EQ(most_in_stretches({{1, 7}}, 5, 5, 2), (Stretches{std::nullopt, std::nullopt}));
}

}  // namespace
}  // namespace leakbench
