// The one table of metrics: their names in JSON, units, labels and how people read their values.
// Everything else that needs any of these looks it up here.
#ifndef LEAKBENCH_HARNESS_REPORT_METRIC_NAMES_H_
#define LEAKBENCH_HARNESS_REPORT_METRIC_NAMES_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

// Windows: "load" = first request sent to last response; "round" = first request sent to the end of
// the settle window.
enum class Metric : std::size_t {
  kResponseTimeMeanNs,
  kResponseTimeP50Ns,
  kResponseTimeP90Ns,
  kResponseTimeP99Ns,
  kResponseTimeP999Ns,
  kResponseTimeMaxNs,
  kThroughputRps,          // responses per second over load
  kMemoryPeakBytes,        // VmHWM over the round
  kMemorySettledBytes,     // resident, at the end of the settle window
  kHeapInUseSettledBytes,  // the allocator's in-use bytes then
  kLiveTasksAfter,         // at the last response
  kLiveTasksSettled,       // at the end of the settle window
  kLeakedTasksPerRequest,
  kDrainTimeNs,      // last response to live tasks back at the baseline
  kCpuPercent,       // over load; 100 is one core
  kCpuNsPerRequest,  // CPU of the round / requests: orphans burn it after the answer
  kPauseP99Ns,       // of the server's scheduler heartbeat
  kPauseMaxNs,
  kGcPauseTotalNs,         // over the round; of Go targets only
  kAnsweredInTimePercent,  // of the answers; of scenarios with a deadline only
};
inline constexpr std::size_t kMetricCount = 20;

enum class MetricUnit { kNanoseconds, kBytes, kTasks, kTasksPerRequest, kPercent, kPerSecond };

struct MetricInfo {
  Metric metric;
  std::string_view name;  // in JSON, with its unit where it has one
  MetricUnit unit;
  std::string_view label;  // for people
};

// In the order of Metric.
const std::array<MetricInfo, kMetricCount>& all_metrics();

const MetricInfo& metric_info(Metric metric);

// nullopt for a name that no metric has.
std::optional<Metric> metric_by_name(std::string_view name);

// "ns", "bytes", "tasks", "tasks/request", "percent", "requests/s".
std::string_view unit_name(MetricUnit unit);

// nullopt for a word that names no unit.
std::optional<MetricUnit> unit_by_name(std::string_view name);

// "1.93 s", "62.3 MiB", "20,000", "45.2 %", "12,300/s"; "n/a" for a value that is missing or not
// finite.
std::string humanise_value(MetricUnit unit, std::optional<double> value);
std::string humanise_metric(Metric metric, std::optional<double> value);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_METRIC_NAMES_H_
