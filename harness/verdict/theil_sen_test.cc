#include "harness/verdict/theil_sen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

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

}  // namespace
}  // namespace leakbench
