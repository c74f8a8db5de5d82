#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "harness/load/schedule.h"

namespace leakbench {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr double kRate = 1000;
constexpr Duration kLength = seconds(300);
constexpr double kExpected = 300'000;

ArrivalPlan poisson(std::uint64_t seed) { return {ArrivalModel::kPoisson, {kRate}, kLength, seed}; }

// In seconds.
std::vector<double> offsets_of(std::uint64_t seed) {
  Schedule schedule(poisson(seed));
  std::vector<double> offsets;
  while (const auto offset = schedule.next()) {
    offsets.push_back(std::chrono::duration<double>(*offset).count());
  }
  return offsets;
}

// As multiples of their mean.
std::vector<double> gaps_of(std::uint64_t seed) {
  std::vector<double> gaps = offsets_of(seed);
  std::adjacent_difference(gaps.begin(), gaps.end(), gaps.begin());
  for (double& gap : gaps) gap *= kRate;
  return gaps;
}

TEST(PoissonSchedule, BeginsWithTheSameRequestsOnEveryMachine) {
  // Computed apart from this program, with 60 digits.
  Schedule schedule(poisson(42));
  for (const std::int64_t expected :
       {298'993, 2'132'134, 3'410'108, 4'476'668, 7'746'043, 7'887'344}) {
    EXPECT_EQ(schedule.next(), nanoseconds(expected));
  }
  EXPECT_EQ(Schedule(poisson(42), 19'999).next(), nanoseconds(19'854'618'162));
}

TEST(PoissonSchedule, DrawsGapsThatAreRightToTheLastDigits) {
  constexpr double kMeanGap = 1e15;  // ns: so long that a nanosecond is a double's last digit
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Schedule schedule({ArrivalModel::kPoisson, {1e9 / kMeanGap}, nanoseconds(1LL << 62), seed});
    const double expected = -std::log(unit_interval(SplitMix64(seed)()) + 0x1p-53) * kMeanGap;
    const auto offset = schedule.next();
    ASSERT_TRUE(offset);
    // Six of the last digits, and the rounding to a nanosecond.
    ASSERT_NEAR(static_cast<double>(offset->count()), expected, 1 + 6 * 0x1p-53 * expected) << seed;
  }
}

TEST(PoissonSchedule, IsTheSameForASeedAndAnotherForAnother) {
  const std::vector<double> offsets = offsets_of(1);
  EXPECT_EQ(offsets_of(1), offsets);
  for (const std::uint64_t seed : {0u, 2u, 3u}) {
    const std::vector<double> other = offsets_of(seed);
    for (std::size_t k = 0; k < 100; ++k) EXPECT_NE(other[k], offsets[k]) << seed;
  }
}

TEST(PoissonSchedule, CountsInBinsHaveAPoissonMeanAndVariance) {
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u}) {
    const std::vector<double> offsets = offsets_of(seed);
    const double total = static_cast<double>(offsets.size());
    EXPECT_EQ(expected_count(poisson(seed)), kExpected);
    EXPECT_NEAR(total, kExpected, 4 * std::sqrt(kExpected)) << seed;
    for (const double bins_per_second : {1., 10., 100., 1000.}) {
      const double bin_count = bins_per_second * 300;
      std::vector<double> counts(static_cast<std::size_t>(bin_count));
      for (const double at : offsets) ++counts[static_cast<std::size_t>(at * bins_per_second)];
      const double mean = total / bin_count;
      double variance = 0;
      for (const double count : counts) variance += (count - mean) * (count - mean);
      variance /= bin_count - 1;
      // For a Poisson process the ratio is 1, within four standard deviations of its estimate.
      EXPECT_NEAR(variance / mean, 1, 4 * std::sqrt(2 / bin_count * (1 + 1 / mean)))
          << seed << ", " << bins_per_second << " bins a second";
    }
  }
}

TEST(PoissonSchedule, GapsAreExponentialByKolmogorovAndSmirnov) {
  for (const std::uint64_t seed : {0u, 1u, 2u, 3u}) {
    std::vector<double> gaps = gaps_of(seed);
    std::sort(gaps.begin(), gaps.end());
    const double count = static_cast<double>(gaps.size());
    double distance = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
      const double exponential = -std::expm1(-gaps[i]);
      const double rank = static_cast<double>(i);
      distance = std::max({distance, exponential - rank / count, (rank + 1) / count - exponential});
    }
    EXPECT_LT(distance, 1.63 / std::sqrt(count)) << seed;  // more in 1 of 100 seeds
    EXPECT_GT(gaps.back(), std::log(count) - 3) << seed;   // the tail is not cut off
  }
}

TEST(PoissonSchedule, GapsDoNotDependOnTheGapsBefore) {
  const std::vector<double> gaps = gaps_of(1);
  for (const std::size_t lag : {1u, 2u, 10u}) {
    double product = 0;
    for (std::size_t i = lag; i < gaps.size(); ++i) product += (gaps[i] - 1) * (gaps[i - lag] - 1);
    const double count = static_cast<double>(gaps.size() - lag);
    EXPECT_NEAR(product / count, 0, 4 / std::sqrt(count)) << lag;
  }
}

}  // namespace
}  // namespace leakbench
