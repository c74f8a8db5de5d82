#include "harness/run/time_summary.h"

#include <gtest/gtest.h>

#include "harness/load/outcome_times.h"
#include "harness/report/hdr_histogram.h"

namespace leakbench {
namespace {

TEST(TimeSummary, HasThePercentilesThatTheValuesSupport) {
  Histogram times(kTimePrecisionBits);
  for (int value = 1; value <= 1'000; ++value) times.record(value);
  const TimeSummary summary = summary_of(times);
  EXPECT_EQ(summary.count, 1'000);
  EXPECT_EQ(summary.mean, 500.5);
  EXPECT_EQ(summary.p50, 500);
  EXPECT_EQ(summary.p90, 900);
  EXPECT_EQ(summary.p99, 990);
  EXPECT_EQ(summary.p999, std::nullopt);
  EXPECT_EQ(summary.max, 1'000);
  EXPECT_EQ(summary.hdr, hdr_blob(times));
}

TEST(TimeSummary, OfNothingHasNothing) {
  const TimeSummary summary = summary_of(Histogram(kTimePrecisionBits));
  EXPECT_EQ(summary.count, 0);
  EXPECT_EQ(summary.mean, std::nullopt);
  EXPECT_EQ(summary.max, std::nullopt);
  EXPECT_EQ(summary.hdr, "");
}

}  // namespace
}  // namespace leakbench
