#include "harness/verdict/theil_sen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "harness/verdict/kendall.h"

namespace leakbench {
namespace {

std::vector<Point> per_round(const std::vector<double>& values) {
  std::vector<Point> points;
  for (double value : values) points.push_back({static_cast<double>(points.size() + 1), value});
  return points;
}

TEST(TheilSen, HasNoSlopeWithoutTwoDifferentX) {
  EXPECT_EQ(theil_sen_slope({}), std::nullopt);
  EXPECT_EQ(theil_sen_slope(per_round({5})), std::nullopt);
  const std::vector<Point> same_x = {{1, 2}, {1, 9}, {1, 4}};
  EXPECT_EQ(theil_sen_slope(same_x), std::nullopt);
}

TEST(TheilSen, IsExactOnAStraightLine) {
  EXPECT_EQ(theil_sen_slope(per_round({4, 4, 4, 4})), 0);
  EXPECT_EQ(theil_sen_slope(per_round({300, 600, 900})), 300);
  EXPECT_EQ(theil_sen_slope(per_round({9, 7, 5})), -2);
}

// Slopes of the pairs, by hand: 1-2: 1, 1-3: 1, 1-4: 3, 2-3: 1, 2-4: 4, 3-4: 7; sorted 1 1 1 3 4 7.
TEST(TheilSen, IsTheMedianOfTheSlopesOfAllPairs) {
  EXPECT_EQ(theil_sen_slope(per_round({1, 2, 3, 10})), 2);
}

// Slopes by hand: (0,0)-(1,2): 2, (0,0)-(4,4): 1, (1,2)-(4,4): 2/3.
TEST(TheilSen, DividesByTheDistanceOfUnevenX) {
  const std::vector<Point> points = {{0, 0}, {1, 2}, {4, 4}};
  EXPECT_EQ(theil_sen_slope(points), 1);
}

TEST(TheilSen, IsNotMovedByOneWildRound) {
  EXPECT_EQ(theil_sen_slope(per_round({0, 0, 0, 0, 5000})), 0);
  EXPECT_EQ(theil_sen_slope(per_round({10, 20, 9999, 40, 50, 60, 70})), 10);
}

// A definition as plain as can be: every ordered pair, each slope counted twice, sorted in full.
double brute_force_slope(const std::vector<Point>& points) {
  std::vector<double> slopes;
  for (const Point& a : points) {
    for (const Point& b : points) {
      if (a.x != b.x) slopes.push_back((b.y - a.y) / (b.x - a.x));
    }
  }
  std::sort(slopes.begin(), slopes.end());
  const std::size_t half = slopes.size() / 2;
  return (slopes[half - 1] + slopes[half]) / 2;
}

TEST(TheilSen, AgreesWithBruteForceOnRandomPointsInAnyOrder) {
  std::mt19937 random(20261122);
  std::uniform_int_distribution<int> coordinate(-50, 50);
  for (int table = 0; table < 200; ++table) {
    std::vector<Point> points = {{-60, 0}, {60, 1}};  // at least one pair with a slope
    for (int i = 0; i < table % 20; ++i) {
      points.push_back(
          {static_cast<double>(coordinate(random)), static_cast<double>(coordinate(random))});
    }
    std::shuffle(points.begin(), points.end(), random);
    const auto slope = theil_sen_slope(points);
    ASSERT_TRUE(slope.has_value());
    EXPECT_NEAR(*slope, brute_force_slope(points), 1e-12) << "table " << table;
  }
}

TEST(TheilSenLowerBound, TakesFourValues) {
  EXPECT_EQ(theil_sen_lower_bound({}), std::nullopt);
  EXPECT_EQ(theil_sen_lower_bound(std::vector<double>{1, 2, 3}), std::nullopt);
  EXPECT_EQ(theil_sen_lower_bound(std::vector<double>{1, 2, 3, 4}), 1);
}

// Ten slopes; orders with no inversion or one are 5 of 120, with two 14: the bound is the second.
// By hand: 1-2: 4, 1-3: 2.5, 1-4: 3, 1-5: 3, 2-3: 1, 2-4: 2.5, 2-5: 8/3, 3-4: 4, 3-5: 3.5, 4-5: 3.
TEST(TheilSenLowerBound, OfFiveValuesIsTheSecondLeastSlope) {
  EXPECT_EQ(theil_sen_lower_bound(std::vector<double>{0, 4, 5, 9, 12}), 2.5);
}

TEST(TheilSenLowerBound, OfAStraightLineIsItsSlope) {
  EXPECT_EQ(theil_sen_lower_bound(std::vector<double>{300, 600, 900, 1200, 1500}), 300);
}

// The share of all orders in which Kendall's S of the residues is at least as high as it is.
double brute_force_p_of_slope(const std::vector<double>& series, double slope) {
  std::vector<double> residues;
  for (double value : series) {
    residues.push_back(value - slope * static_cast<double>(residues.size()));
  }
  const std::int64_t seen = kendall_statistic(residues);
  std::sort(residues.begin(), residues.end());
  int orders = 0;
  int as_high = 0;
  do {
    ++orders;
    as_high += kendall_statistic(residues) >= seen ? 1 : 0;
  } while (std::next_permutation(residues.begin(), residues.end()));
  return static_cast<double>(as_high) / orders;
}

TEST(TheilSenLowerBound, IsWhereKendallsTestOfAllOrdersBeginsToAcceptASlope) {
  std::mt19937 random(20261127);
  std::uniform_int_distribution<int> value(-20, 20);
  for (int table = 0; table < 60; ++table) {
    std::vector<double> series(4 + static_cast<std::size_t>(table % 4));
    for (double& v : series) v = value(random);
    const double bound = *theil_sen_lower_bound(series);
    constexpr double kBeside = 1e-6;  // no two slopes of small whole numbers are so close
    EXPECT_LE(brute_force_p_of_slope(series, bound - kBeside), 0.05) << "table " << table;
    EXPECT_GT(brute_force_p_of_slope(series, bound + kBeside), 0.05) << "table " << table;
  }
}

TEST(TheilSenLowerBound, HoldsInNineteenOfTwentySeriesOfAnyNoise) {
  std::mt19937 random(20261127);
  std::cauchy_distribution<double> wild(0, 5);
  int above_truth = 0;
  constexpr int kTables = 2000;
  for (int table = 0; table < kTables; ++table) {
    std::vector<double> series(8);
    for (std::size_t i = 0; i < series.size(); ++i) {
      series[i] = 3.0 * static_cast<double>(i) + wild(random);
    }
    above_truth += *theil_sen_lower_bound(series) > 3 ? 1 : 0;
  }
  EXPECT_LE(above_truth, kTables * 0.05 * 1.3);  // 3 standard deviations above what it promises
  EXPECT_GE(above_truth, kTables * 0.02);        // and it is a bound, not a refusal
}

}  // namespace
}  // namespace leakbench
