#include "runtime/stats/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace leakbench {
namespace {

TEST(Histogram, AnswersNothingWhileEmpty) {
  const Histogram histogram(7);
  EXPECT_EQ(histogram.percentile(50), std::nullopt);
  EXPECT_EQ(histogram.mean(), std::nullopt);
  EXPECT_EQ(histogram.max(), std::nullopt);
  EXPECT_TRUE(histogram.buckets().empty());
}

TEST(Histogram, IsExactForSmallValues) {
  Histogram histogram(7);
  for (int value = 1; value <= 100; ++value) histogram.record(value);
  EXPECT_EQ(histogram.percentile(50), 50);
  EXPECT_EQ(histogram.percentile(99), 99);
  EXPECT_EQ(histogram.percentile(100), 100);
  EXPECT_EQ(histogram.percentile(0), 1);
  EXPECT_DOUBLE_EQ(*histogram.mean(), 50.5);
}

TEST(Histogram, AgreesWithSortedValuesWithinItsPrecision) {
  for (const int bits : {7, 11}) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> times(14, 2);
    Histogram histogram(bits);
    std::vector<std::int64_t> values;
    for (int i = 0; i < 20'000; ++i) {
      values.push_back(static_cast<std::int64_t>(times(random)));
      histogram.record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double p : {1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      const auto rank = static_cast<std::size_t>(std::ceil(p / 100 * 20'000 - 1e-9));
      const auto exact = static_cast<double>(values[rank - 1]);
      const auto got = static_cast<double>(*histogram.percentile(p));
      EXPECT_GE(got, exact) << p;
      EXPECT_LE(got, exact * (1 + std::ldexp(1.0, -bits)) + 1) << p;
    }
  }
}

TEST(Histogram, TakesEveryValueThereIs) {
  Histogram histogram(11);
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-5}, kLargest}) {
    histogram.record(value);
  }
  EXPECT_EQ(histogram.count(), 3u);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), kLargest);
  EXPECT_EQ(histogram.percentile(100), kLargest);
}

TEST(Histogram, BucketBoundsAreTheLargestValuesOfTheirBuckets) {
  Histogram histogram(3);
  for (std::int64_t value = 0; value < 5'000; ++value) histogram.record(value);
  std::int64_t previous = -1;
  for (const auto& bucket : histogram.buckets()) {
    // Each bucket below the last was filled with every value it can hold.
    if (bucket.upper_bound < 5'000) {
      EXPECT_EQ(bucket.upper_bound - previous, static_cast<std::int64_t>(bucket.count));
    }
    previous = bucket.upper_bound;
  }
}

TEST(Histogram, MergingEqualsRecordingInOne) {
  Histogram one(7), two(7), both(7);
  for (int i = 0; i < 1'000; ++i) {
    (i % 3 == 0 ? one : two).record(i * 37);
    both.record(i * 37);
  }
  one.merge(two);
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.percentile(90), both.percentile(90));
  EXPECT_DOUBLE_EQ(*one.mean(), *both.mean());
  EXPECT_EQ(one.min(), both.min());
  EXPECT_THROW(one.merge(Histogram(8)), std::invalid_argument);
}

TEST(Histogram, ThatWasClearedIsLikeANewOne) {
  Histogram histogram(7);
  for (const std::int64_t value : {3, 700, 1'000'000}) histogram.record(value);
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.max(), std::nullopt);
  EXPECT_TRUE(histogram.buckets().empty());
  histogram.record(20);
  EXPECT_EQ(histogram.min(), 20);
  EXPECT_EQ(histogram.max(), 20);
  EXPECT_EQ(histogram.mean(), 20);
  EXPECT_EQ(histogram.percentile(100), 20);
}

}  // namespace
}  // namespace leakbench
