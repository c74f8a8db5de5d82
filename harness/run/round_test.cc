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
  r.kernel_at_first_request = {{.cpu_ns = 5'000'000'000}};
  r.kernel_at_last_response = {{.cpu_ns = 6'000'000'000}};
  r.kernel_settled = {{.memory_peak_bytes = 64, .cpu_ns = 8'000'000'000}};
  r.rss_after_collection = 32;
  r.inside_each_settled = {{.live_tasks = 12, .heap_in_use_bytes = 16}};
  r.inside_each_at_last_response = {{.live_tasks = 900}};
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

// Whose answers took 1 us each.
RoundReadings answered(int requests) {
  RoundReadings r;
  for (int i = 0; i < requests; ++i) r.load.response_time.record(Outcome::kOk, 1us);
  return r;
}

TEST(RoundMetrics, HaveThePercentilesThatTheAnswersSupport) {
  EXPECT_EQ(round_metrics(answered(19))[Metric::kResponseTimeP50Ns], std::nullopt);
  EXPECT_NE(round_metrics(answered(19))[Metric::kResponseTimeMeanNs], std::nullopt);
  EXPECT_NE(round_metrics(answered(19))[Metric::kResponseTimeMaxNs], std::nullopt);
  EXPECT_NE(round_metrics(answered(20))[Metric::kResponseTimeP50Ns], std::nullopt);
  EXPECT_EQ(round_metrics(answered(99))[Metric::kResponseTimeP90Ns], std::nullopt);
  EXPECT_NE(round_metrics(answered(100))[Metric::kResponseTimeP90Ns], std::nullopt);
  EXPECT_EQ(round_metrics(answered(999))[Metric::kResponseTimeP99Ns], std::nullopt);
  EXPECT_NE(round_metrics(answered(1'000))[Metric::kResponseTimeP99Ns], std::nullopt);
  EXPECT_EQ(round_metrics(answered(9'999))[Metric::kResponseTimeP999Ns], std::nullopt);
  EXPECT_NE(round_metrics(answered(10'000))[Metric::kResponseTimeP999Ns], std::nullopt);
}

TEST(RoundMetrics, HaveAPercentileOfPausesOnceABeatLiesBeyond) {
  RoundReadings r = readings();
  EXPECT_EQ(round_metrics(r)[Metric::kPauseP99Ns], 10);  // of 100 beats
  r.pauses_after_load.scheduler = PauseSnapshot{1'000'000, 100, 5'000, {{10, 99}, {5'000, 1}}};
  EXPECT_EQ(round_metrics(r)[Metric::kPauseP99Ns], std::nullopt);
  EXPECT_EQ(round_metrics(r)[Metric::kPauseMaxNs], 5'000);
}

TEST(RoundMetrics, AreMissingWhereNothingWasRead) {
  RoundReadings nothing;
  const MetricSet metrics = round_metrics(nothing);
  for (const MetricInfo& info : all_metrics()) EXPECT_EQ(metrics[info.metric], std::nullopt);
}

TEST(RoundMetrics, AddUpWhatTheProcessesOfATargetTook) {
  RoundReadings r = readings();
  r.kernel_settled.push_back({.memory_peak_bytes = 36, .cpu_ns = 2'000'000'000});
  r.kernel_at_first_request.push_back({.cpu_ns = 1'000'000'000});
  const MetricSet metrics = round_metrics(r);
  EXPECT_EQ(metrics[Metric::kMemoryPeakBytes], 100);
  EXPECT_EQ(metrics[Metric::kCpuNsPerRequest], 4'000'000);  // 3 s and 1 s over 1,000 requests
}

TEST(RoundMetrics, HaveTheShareOfAnswersWithinTheDeadline) {
  RoundReadings r = readings();
  EXPECT_EQ(round_metrics(r)[Metric::kAnsweredInTimePercent], std::nullopt);
  r.answer_within = 250us;
  EXPECT_NEAR(*round_metrics(r)[Metric::kAnsweredInTimePercent], 25, 0.5);
  r.answer_within = 1h;
  EXPECT_EQ(round_metrics(r)[Metric::kAnsweredInTimePercent], 100);
}

TEST(RoundMetrics, HaveWhatTheCollectorStoppedInTheRound) {
  RoundReadings r = readings();
  r.inside_at_first_request.gc_pause_total_ns = 5'000;
  r.inside_each_settled[0].gc_pause_total_ns = 12'000;
  EXPECT_EQ(round_metrics(r)[Metric::kGcPauseTotalNs], 7'000);
}

TEST(RoundCounters, AreWhatARequestAdds) {
  RoundReadings r = readings();
  r.counters_before = {100, std::nullopt};
  r.counters_after = {5'100, 7};
  const auto counters = round_counters(r, {{"wasted", "Wasted work", "ns"}, {"x", "X", "bytes"}});
  ASSERT_EQ(counters.size(), 2u);
  EXPECT_EQ(counters[0].label, "Wasted work");
  EXPECT_EQ(counters[0].unit, MetricUnit::kNanoseconds);
  EXPECT_EQ(counters[0].per_request, 5);  // 5,000 over 1,000 requests
  EXPECT_EQ(counters[1].per_request, std::nullopt);
}

TEST(RoundCounters, HaveTheirMediansOverTheRounds) {
  std::vector<RoundReport> rounds(3);
  for (int i = 0; i < 3; ++i) {
    rounds[i].counters = {{"Wasted work", MetricUnit::kNanoseconds, 10.0 * i}};
  }
  EXPECT_EQ(median_counters(rounds).at(0).per_request, 10);
  EXPECT_TRUE(median_counters({}).empty());
}

TEST(RoundEvidence, LeavesOutTheTasksThatAreAccepted) {
  RoundReadings r = readings();
  r.drain.live_at_linger_check = 3;
  const RoundEvidence evidence = round_evidence(r, 5);
  EXPECT_EQ(evidence.live_tasks_at_last_response, 895);
  EXPECT_EQ(evidence.live_tasks_at_linger_check, 0);
  EXPECT_EQ(evidence.live_tasks_settled, 7);
  EXPECT_EQ(evidence.accepted, 5);
  EXPECT_EQ(evidence.requests_sent, 1'000);
  EXPECT_EQ(evidence.requests_answered, 1'000);
  EXPECT_EQ(evidence.heap_in_use_settled, 16);
  r.inside_each_settled = {{}};
  EXPECT_EQ(round_evidence(r, 5).live_tasks_settled, std::nullopt);
}

TEST(Processes, HaveTheirOwnFiguresOfTheRound) {
  RoundReadings r = readings();
  std::vector<ProcessReport> processes(1);
  fill_processes(r, processes);
  EXPECT_EQ(processes[0].live_tasks_after, 900);
  EXPECT_EQ(processes[0].live_tasks_settled, 12);
  EXPECT_EQ(processes[0].memory_peak_bytes, 64);
  EXPECT_EQ(processes[0].cpu_ns, 3'000'000'000);
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
  ASSERT_FALSE(pauses.scheduler->percentiles.empty());
  EXPECT_EQ(pauses.scheduler->percentiles.front().value_ns, 10);
  // Of a hundred beats one lies beyond the 99th percentile, and none beyond those above.
  EXPECT_EQ(pauses.scheduler->percentiles.back().percentile, 99);
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
