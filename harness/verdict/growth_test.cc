#include "harness/verdict/growth.h"

#include <gtest/gtest.h>

#include <vector>

namespace leakbench {
namespace {

GrowthSign sign_of(const std::vector<double>& counts) { return growth_of(counts).sign; }

TEST(Growth, OfAnEvenLeakIsSeenInFiveRounds) {
  EXPECT_EQ(sign_of({1, 2, 3, 4, 5}), GrowthSign::kGrows);
  EXPECT_EQ(sign_of({300, 600, 900, 1200, 1500}), GrowthSign::kGrows);
  const Growth growth = growth_of(std::vector<double>{1, 2, 3, 4, 5});
  EXPECT_EQ(growth.per_round, 1);
  EXPECT_EQ(growth.lower_bound, 1);
  EXPECT_NEAR(*growth.p, 1.0 / 120, 1e-12);
  EXPECT_FALSE(growth.slows_down);
}

TEST(Growth, IsUnclearInFewerRounds) {
  EXPECT_EQ(sign_of({1, 2, 3}), GrowthSign::kUnclear);
  EXPECT_EQ(sign_of({1, 2, 3, 4}), GrowthSign::kUnclear);
  EXPECT_EQ(sign_of({1, 1, 1}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({1, 64, 64, 64}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({1, 2}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({}), GrowthSign::kNone);
}

TEST(Growth, HasEndedWhenThreeCountsAreTheSame) {
  EXPECT_EQ(sign_of({14, 28, 42, 56, 64, 64, 64}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9}), GrowthSign::kNone);
}

TEST(Growth, IsUnclearWhileItSlowsDown) {
  EXPECT_EQ(sign_of({14, 28, 42, 56, 64, 64}), GrowthSign::kUnclear);
  EXPECT_TRUE(growth_of(std::vector<double>{14, 28, 42, 56, 64}).slows_down);
  EXPECT_TRUE(growth_of(std::vector<double>{13, 26, 39, 52, 64}).slows_down);
}

TEST(Growth, OfLessThanOnePerRoundIsUnclearOnceItIsBeyondChance) {
  EXPECT_EQ(sign_of({1, 1, 2, 2, 3, 3}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({1, 1, 2, 2, 3, 3, 4, 4, 5, 5}), GrowthSign::kUnclear);
}

TEST(Growth, ThatBeginsInTheLastRoundIsUnclear) {
  EXPECT_EQ(sign_of({0, 0, 0, 0, 1}), GrowthSign::kUnclear);
  EXPECT_EQ(sign_of({0, 0, 0, 0, 1, 1}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({9, 11, 10, 9, 12}), GrowthSign::kNone);
}

TEST(Growth, OfNoiseIsNone) {
  EXPECT_EQ(sign_of({10, 12, 9, 11, 10, 8, 11}), GrowthSign::kNone);
  EXPECT_EQ(sign_of({5, 4, 3, 2, 1}), GrowthSign::kNone);
}

}  // namespace
}  // namespace leakbench
