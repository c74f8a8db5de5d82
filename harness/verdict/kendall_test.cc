#include "harness/verdict/kendall.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace leakbench {
namespace {

// All orders of the values, each as likely; those of equal values are counted as often as they
// come.
double brute_force_p(const std::vector<double>& series) {
  const std::int64_t seen = kendall_statistic(series);
  std::vector<std::size_t> order(series.size());
  std::iota(order.begin(), order.end(), 0);
  int orders = 0;
  int as_high = 0;
  do {
    std::vector<double> shuffled;
    for (const std::size_t at : order) shuffled.push_back(series[at]);
    ++orders;
    as_high += kendall_statistic(shuffled) >= seen ? 1 : 0;
  } while (std::next_permutation(order.begin(), order.end()));
  return static_cast<double>(as_high) / orders;
}

// Different values whose S is as given, by the Lehmer code of their inversions.
std::vector<double> series_with(std::size_t size, std::int64_t statistic) {
  auto inversions = (static_cast<std::int64_t>(size * (size - 1) / 2) - statistic) / 2;
  std::vector<double> left(size);
  std::iota(left.begin(), left.end(), 0.0);
  std::vector<double> series;
  while (!left.empty()) {
    const auto taken = std::min(inversions, static_cast<std::int64_t>(left.size()) - 1);
    series.push_back(left[static_cast<std::size_t>(taken)]);
    left.erase(left.begin() + taken);
    inversions -= taken;
  }
  return series;
}

TEST(KendallStatistic, CountsPairsThatRiseLessThoseThatFall) {
  EXPECT_EQ(kendall_statistic(std::vector<double>{1, 2, 3, 4}), 6);
  EXPECT_EQ(kendall_statistic(std::vector<double>{4, 3, 2, 1}), -6);
  EXPECT_EQ(kendall_statistic(std::vector<double>{1, 1, 2, 1}), 1);
  EXPECT_EQ(kendall_statistic({}), 0);
}

TEST(MannKendall, SaysNothingOfASingleValue) {
  EXPECT_EQ(mann_kendall_p({}), std::nullopt);
  EXPECT_EQ(mann_kendall_p(std::vector<double>{7}), std::nullopt);
  EXPECT_EQ(mann_kendall_p(std::vector<double>{7, 8}), 0.5);
}

TEST(MannKendall, OfEqualValuesIsCertainToBeSoByChance) {
  EXPECT_EQ(mann_kendall_p(std::vector<double>{3, 3, 3, 3, 3}), 1);
  EXPECT_EQ(mann_kendall_p(std::vector<double>(60, 3.0)), 1);
}

// Probabilities of S as Kendall 1975 prints them, to as many digits as he does.
TEST(MannKendall, AgreesWithKendallsTable) {
  struct Row {
    std::size_t size;
    std::int64_t statistic;
    double p;
    double half_a_digit;
  };
  const std::vector<Row> table = {
      {4, 0, .625, .0005},    {4, 2, .375, .0005},    {4, 4, .167, .0005},
      {4, 6, .042, .0005},    {5, 4, .242, .0005},    {5, 6, .117, .0005},
      {5, 8, .042, .0005},    {5, 10, .0083, .00005}, {6, 7, .136, .0005},
      {6, 9, .068, .0005},    {6, 11, .028, .0005},   {6, 13, .0083, .00005},
      {6, 15, .0014, .00005}, {7, 11, .068, .0005},   {7, 13, .035, .0005},
      {7, 15, .015, .0005},   {7, 17, .0054, .00005}, {8, 14, .054, .0005},
      {8, 16, .031, .0005},   {8, 20, .0071, .00005}, {8, 24, .00087, .000005},
      {9, 16, .060, .0005},   {9, 18, .038, .0005},   {9, 22, .012, .0005},
      {10, 19, .054, .0005},  {10, 21, .036, .0005},  {10, 23, .023, .0005},
      {10, 25, .014, .0005},
  };
  for (const Row& row : table) {
    const auto series = series_with(row.size, row.statistic);
    ASSERT_EQ(kendall_statistic(series), row.statistic);
    EXPECT_NEAR(*mann_kendall_p(series), row.p, row.half_a_digit)
        << row.size << " values, S " << row.statistic;
  }
}

TEST(MannKendall, AgreesWithAllOrdersOfAnyValuesTiesIncluded) {
  std::mt19937 random(20261127);
  for (int table = 0; table < 120; ++table) {
    std::uniform_int_distribution<int> value(0, table % 8);
    std::vector<double> series(2 + static_cast<std::size_t>(table % 6));
    for (double& v : series) v = value(random);
    EXPECT_NEAR(*mann_kendall_p(series), brute_force_p(series), 1e-12) << "table " << table;
  }
}

TEST(MannKendall, StaysExactInFortyRounds) {
  std::vector<double> rising(40);
  std::iota(rising.begin(), rising.end(), 0.0);
  double one_order_in = 1;
  for (int k = 2; k <= 40; ++k) one_order_in *= k;
  EXPECT_NEAR(*mann_kendall_p(rising) * one_order_in, 1, 1e-9);
}

TEST(MannKendall, IsHardlyOffWhereItIsNoLongerExact) {
  const std::size_t size = kMostExactRounds + 1;
  const auto probabilities = inversion_probabilities(size);
  const auto all = static_cast<std::int64_t>(probabilities.size()) - 1;
  double exact = 0;
  for (std::int64_t inversions = 0; inversions <= all; ++inversions) {
    exact += probabilities[static_cast<std::size_t>(inversions)];
    EXPECT_NEAR(*mann_kendall_p(series_with(size, all - 2 * inversions)), exact, 1e-3);
  }
}

TEST(InversionProbabilities, AreCountedOverAllOrders) {
  EXPECT_EQ(inversion_probabilities(1), std::vector<double>{1});
  const std::vector<double> of_four = {1, 3, 5, 6, 5, 3, 1};
  const auto probabilities = inversion_probabilities(4);
  ASSERT_EQ(probabilities.size(), of_four.size());
  for (std::size_t i = 0; i < of_four.size(); ++i) {
    EXPECT_NEAR(probabilities[i], of_four[i] / 24, 1e-15);
  }
}

}  // namespace
}  // namespace leakbench
