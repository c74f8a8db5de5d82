#include "harness/run/round.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

RoundReadings readings() {
  RoundReadings r;
  for (int i = 1; i <= 1'000; ++i) r.load.response_time.record(Outcome::kOk, i * 1us);
  r.load.sent = 1'000;
  r.load.outcomes.add(Outcome::kOk, 1'000);
  r.load.first_sent = TimePoint(1s);
  r.load.last_response = TimePoint(3s);
  r.at_first_request.cpu_ns = 5'000'000'000;
  r.at_last_response.cpu_ns = 6'000'000'000;
  r.at_settled.cpu_ns = 8'000'000'000;
  r.at_settled.memory_peak_bytes = 64;
  r.at_settled.rss_bytes = 32;
  r.settled.heap_in_use_bytes = 16;
  r.settled.live_tasks = 12;
  r.profile_at_last_response = TaskProfile{.live_tasks = 900};
  r.drain.drain_time = 4s;
  r.baseline = 2;
  r.pause_before = PauseSnapshot{1'000'000, 1, 10, {{10, 1}}};
  r.pause_after_load = PauseSnapshot{1'000'000, 101, 5'000, {{10, 100}, {5'000, 1}}};
  return r;
}

TEST(RoundMetrics, AreTakenOverTheirWindows) {
  const MetricSet metrics = round_metrics(readings());
  EXPECT_NEAR(*metrics[Metric::kResponseTimeMeanNs], 500'500, 1);
  EXPECT_NEAR(*metrics[Metric::kResponseTimeP99Ns], 990'000, 1'000);
  EXPECT_EQ(metrics[Metric::kThroughputRps], 500);
  EXPECT_EQ(metrics[Metric::kCpuPercent], 50);              // 1 s of 2 s
  EXPECT_EQ(metrics[Metric::kCpuNsPerRequest], 3'000'000);  // 3 s over 1,000 requests
  EXPECT_EQ(metrics[Metric::kMemoryPeakBytes], 64);
  EXPECT_EQ(metrics[Metric::kMemorySettledBytes], 32);
  EXPECT_EQ(metrics[Metric::kHeapInUseSettledBytes], 16);
  EXPECT_EQ(metrics[Metric::kLiveTasksAfter], 900);
  EXPECT_EQ(metrics[Metric::kLiveTasksSettled], 12);
  EXPECT_EQ(metrics[Metric::kLeakedTasksPerRequest], 0.01);  // 12 - 2 over 1,000
  EXPECT_EQ(metrics[Metric::kDrainTimeNs], 4e9);
  EXPECT_EQ(metrics[Metric::kPauseMaxNs], 5'000);
  EXPECT_EQ(metrics[Metric::kGcPauseTotalNs], std::nullopt);
}

TEST(RoundMetrics, AreMissingWhereNothingWasRead) {
  RoundReadings nothing;
  const MetricSet metrics = round_metrics(nothing);
  for (const MetricInfo& info : all_metrics()) EXPECT_EQ(metrics[info.metric], std::nullopt);
}

TEST(PercentileCurve, EndsWhereTenValuesLieBeyond) {
  Histogram histogram(11);
  for (int i = 0; i < 20'000; ++i) histogram.record(i);
  const auto curve = percentile_curve(histogram);
  ASSERT_FALSE(curve.empty());
  EXPECT_EQ(curve.back().percentile, 99.95);
  EXPECT_TRUE(percentile_curve(Histogram(11)).empty());
}

}  // namespace
}  // namespace leakbench
