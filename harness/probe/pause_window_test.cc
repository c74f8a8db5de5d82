#include "harness/probe/pause_window.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

const PauseSnapshot kBefore{1'000'000, 10, 900, {{100, 8}, {1'000, 2}}};

TEST(PauseWindow, CountsOnlyWhatCameInBetween) {
  const PauseSnapshot after{1'000'000, 110, 4'700, {{100, 97}, {500, 9}, {1'000, 2}, {5'000, 2}}};
  const auto window = PauseWindow::between(kBefore, after);
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->count(), 100);
  EXPECT_EQ(window->percentile_ns(0), 100);
  EXPECT_EQ(window->percentile_ns(89), 100);
  EXPECT_EQ(window->percentile_ns(89.5), 500);
  EXPECT_EQ(window->percentile_ns(98), 500);
  EXPECT_EQ(window->percentile_ns(99),
            4'700);  // in the last bucket, but no longer than the longest
  EXPECT_EQ(window->percentile_ns(100), 4'700);
  EXPECT_EQ(window->max_ns(), 4'700);
}

TEST(PauseWindow, AMaximumFromBeforeIsOnlyABound) {
  const auto small = PauseWindow::between(kBefore, {1'000'000, 11, 900, {{100, 9}, {1'000, 2}}});
  EXPECT_EQ(small->max_ns(), 100);
  const auto large = PauseWindow::between(kBefore, {1'000'000, 11, 900, {{100, 8}, {1'000, 3}}});
  EXPECT_EQ(large->max_ns(), 900);
}

TEST(PauseWindow, WithoutHeartbeatsNothingIsKnown) {
  const auto window = PauseWindow::between(kBefore, kBefore);
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->count(), 0);
  EXPECT_EQ(window->percentile_ns(99), std::nullopt);
  EXPECT_EQ(window->max_ns(), std::nullopt);
}

TEST(PauseWindow, StartsFromAnEmptySnapshotAndIgnoresEmptyBuckets) {
  const PauseSnapshot empty{1'000'000, 0, 0, {{50, 0}, {70, 0}}};
  const auto window = PauseWindow::between(empty, kBefore);
  ASSERT_TRUE(window.has_value());
  EXPECT_EQ(window->count(), 10);
  EXPECT_EQ(window->max_ns(), 900);
}

TEST(PauseWindow, RefusesSnapshotsOfTwoServers) {
  EXPECT_FALSE(PauseWindow::between(kBefore, {1'000'000, 5, 900, {{100, 5}}}).has_value());
  EXPECT_FALSE(PauseWindow::between(kBefore, {1'000'000, 20, 90, {{100, 20}}}).has_value());
  EXPECT_FALSE(PauseWindow::between(kBefore, {1'000'000, 20, 900, {{100, 20}}}).has_value());
  EXPECT_FALSE(
      PauseWindow::between(kBefore, {1'000'000, 20, 900, {{100, 7}, {1'000, 13}}}).has_value());
}

}  // namespace
}  // namespace leakbench
