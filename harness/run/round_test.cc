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
  r.pauses_before.scheduler = PauseSnapshot{1'000'000, 1, 10, {{10, 1}}};
  r.pauses_after_load.scheduler = PauseSnapshot{1'000'000, 101, 5'000, {{10, 100}, {5'000, 1}}};
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

TEST(RoundPauses, StandSideBySide) {
  RoundReadings r = readings();
  r.pauses_before.os_thread = PauseSnapshot{1'000'000, 50, 70, {{63, 40}, {127, 10}}};
  r.pauses_after_load.os_thread = PauseSnapshot{1'000'000, 150, 70, {{63, 139}, {127, 11}}};
  r.pauses_after_load.idle_process = PauseSnapshot{1'000'000, 9, 9, {{10, 9}}};  // no look before
  const PausesReport pauses = round_pauses(r);
  ASSERT_TRUE(pauses.scheduler.has_value());
  EXPECT_EQ(pauses.scheduler->count, 100);
  EXPECT_EQ(pauses.scheduler->p50_ns, 10);
  EXPECT_EQ(pauses.scheduler->max_ns, 5'000);
  ASSERT_TRUE(pauses.os_thread.has_value());
  EXPECT_EQ(pauses.os_thread->count, 100);
  EXPECT_EQ(pauses.os_thread->p99_ns, 63);
  EXPECT_EQ(pauses.os_thread->max_ns, 70);
  EXPECT_FALSE(pauses.idle_process.has_value());
}

TEST(RoundPauses, AreMissingWithoutABeat) {
  RoundReadings r = readings();
  r.pauses_after_load.scheduler = r.pauses_before.scheduler;
  EXPECT_FALSE(round_pauses(r).scheduler.has_value());
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
