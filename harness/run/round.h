// From a round's raw readings to its metrics. Pure.
#ifndef LEAKBENCH_HARNESS_RUN_ROUND_H_
#define LEAKBENCH_HARNESS_RUN_ROUND_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/load/load_result.h"
#include "harness/probe/target_processes.h"
#include "harness/report/metric_set.h"
#include "harness/report/percentile_point.h"
#include "harness/report/repetition_report.h"
#include "harness/run/drain.h"
#include "harness/verdict/evidence.h"

namespace leakbench {

// The heartbeats that are looked at together.
struct PauseSnapshots {
  std::optional<PauseSnapshot> scheduler, os_thread, idle_process;
};

// Everything read in one round. Windows: load is from the first request to the last response, the
// round goes on to the end of the settle window.
struct RoundReadings {
  LoadResult load;
  std::optional<Duration> answer_within;  // the deadline of a request's answer
  // By process, in the order of the target's.
  std::vector<ProcReading> kernel_at_first_request, kernel_at_last_response, kernel_settled;
  std::optional<std::int64_t> rss_after_collection;
  PauseSnapshots pauses_before, pauses_after_load;
  // From inside the target; by process where it says `each`.
  MetricsReading inside_at_first_request;
  std::vector<MetricsReading> inside_each_at_last_response, inside_each_settled;
  TimePoint looked_inside{};                     // when inside_each_at_last_response was there
  SeriesValues counters_before, counters_after;  // by counter of the manifest
  std::optional<TaskProfile> profile_at_last_response;
  std::optional<TaskProfile> profile_settled;  // not asked for where nothing was left over
  DrainResult drain;
  // Live tasks when the round began, those that earlier rounds have left over included.
  std::int64_t baseline = 0;

  MetricsReading inside_at_last_response() const { return sum_of(inside_each_at_last_response); }
  MetricsReading settled() const { return sum_of(inside_each_settled); }
};

MetricSet round_metrics(const RoundReadings& readings);

// What the round says for or against a leak, but for the sites; `accepted` tasks of those that were
// left over are on the allowlist.
RoundEvidence round_evidence(const RoundReadings& readings, std::int64_t accepted);

// What a request added to each counter, over the round.
std::vector<CounterReport> round_counters(const RoundReadings& readings,
                                          const std::vector<CounterSpec>& counters);

// The same over rounds: medians of those that were measured.
std::vector<CounterReport> median_counters(const std::vector<RoundReport>& rounds);

// Puts this round's figures into the reports of the processes, which are in the target's order.
void fill_processes(const RoundReadings& readings, std::vector<ProcessReport>& processes);

// Of the load window.
PausesReport round_pauses(const RoundReadings& readings);

// A percentile where the values support it: at least ten lie at or beyond it.
std::optional<double> supported_percentile(const Histogram& histogram, double percentile);

// The points of a percentile curve that the values support.
std::vector<PercentilePoint> percentile_curve(const Histogram& histogram);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_ROUND_H_
