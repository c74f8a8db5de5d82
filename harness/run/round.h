// From a round's raw readings to its metrics. Pure.
#ifndef LEAKBENCH_HARNESS_RUN_ROUND_H_
#define LEAKBENCH_HARNESS_RUN_ROUND_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/load/load_result.h"
#include "harness/probe/metrics_source.h"
#include "harness/probe/proc_probe.h"
#include "harness/report/metric_set.h"
#include "harness/report/percentile_point.h"
#include "harness/report/repetition_report.h"
#include "harness/run/drain.h"

namespace leakbench {

// The heartbeats that are looked at together.
struct PauseSnapshots {
  std::optional<PauseSnapshot> scheduler, os_thread, idle_process;
};

// Everything read in one round. Windows: load is from the first request to the last response, the
// round goes on to the end of the settle window.
struct RoundReadings {
  LoadResult load;
  ProcReading at_first_request, at_last_response, at_settled;
  PauseSnapshots pauses_before, pauses_after_load;
  std::optional<TaskProfile> profile_at_last_response;
  TimePoint profile_taken{};
  MetricsReading settled;
  DrainResult drain;
  std::int64_t baseline = 0;
};

MetricSet round_metrics(const RoundReadings& readings);

// Of the load window.
PausesReport round_pauses(const RoundReadings& readings);

// A percentile where the values support it: at least ten lie at or beyond it.
std::optional<double> supported_percentile(const Histogram& histogram, double percentile);

// The points of a percentile curve that the values support.
std::vector<PercentilePoint> percentile_curve(const Histogram& histogram);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_ROUND_H_
