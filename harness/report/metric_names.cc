#include "harness/report/metric_names.h"

#include <algorithm>
#include <cmath>

#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

using enum MetricUnit;

constexpr std::array<MetricInfo, kMetricCount> kMetrics = {{
    {Metric::kResponseTimeMeanNs, "response_time_mean_ns", kNanoseconds, "Average response time"},
    {Metric::kResponseTimeP50Ns, "response_time_p50_ns", kNanoseconds, "p50 response time"},
    {Metric::kResponseTimeP90Ns, "response_time_p90_ns", kNanoseconds, "p90 response time"},
    {Metric::kResponseTimeP99Ns, "response_time_p99_ns", kNanoseconds, "p99 response time"},
    {Metric::kResponseTimeP999Ns, "response_time_p999_ns", kNanoseconds, "p99.9 response time"},
    {Metric::kResponseTimeMaxNs, "response_time_max_ns", kNanoseconds, "Maximum response time"},
    {Metric::kThroughputRps, "throughput_rps", kPerSecond, "Throughput"},
    {Metric::kMemoryPeakBytes, "memory_peak_bytes", kBytes, "Maximum memory"},
    {Metric::kMemorySettledBytes, "memory_settled_bytes", kBytes, "Memory after settling"},
    {Metric::kHeapInUseSettledBytes, "heap_in_use_settled_bytes", kBytes,
     "Heap in use after settling"},
    {Metric::kLiveTasksAfter, "live_tasks_after", kTasks, "Live tasks after the requests"},
    {Metric::kLiveTasksSettled, "live_tasks_settled", kTasks, "Live tasks after settling"},
    {Metric::kLeakedTasksPerRequest, "leaked_tasks_per_request", kTasksPerRequest,
     "Leaked tasks per request"},
    {Metric::kDrainTimeNs, "drain_time_ns", kNanoseconds, "Time to drain"},
    {Metric::kCpuPercent, "cpu_percent", kPercent, "Average CPU"},
    {Metric::kCpuNsPerRequest, "cpu_ns_per_request", kNanoseconds,
     "CPU per request, to the end of the round"},
    {Metric::kPauseP99Ns, "pause_p99_ns", kNanoseconds, "Pause (scheduler heartbeat p99)"},
    {Metric::kPauseMaxNs, "pause_max_ns", kNanoseconds, "Pause (scheduler heartbeat maximum)"},
    {Metric::kGcPauseTotalNs, "gc_pause_total_ns", kNanoseconds, "GC pause in total"},
    {Metric::kAnsweredInTimePercent, "answered_in_time_percent", kPercent, "Answered in time"},
}};

constexpr bool in_order_of_metric() {
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    if (static_cast<std::size_t>(kMetrics[i].metric) != i) return false;
  }
  return true;
}
static_assert(in_order_of_metric(), "metric_info() indexes the table by Metric");

}  // namespace

const std::array<MetricInfo, kMetricCount>& all_metrics() { return kMetrics; }

const MetricInfo& metric_info(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)]; }

std::optional<Metric> metric_by_name(std::string_view name) {
  const auto found =
      std::find_if(kMetrics.begin(), kMetrics.end(), [&](const auto& m) { return m.name == name; });
  return found == kMetrics.end() ? std::nullopt : std::optional<Metric>(found->metric);
}

std::string_view unit_name(MetricUnit unit) {
  switch (unit) {
    case kNanoseconds:
      return "ns";
    case kBytes:
      return "bytes";
    case kTasks:
      return "tasks";
    case kTasksPerRequest:
      return "tasks/request";
    case kPercent:
      return "percent";
    case kPerSecond:
      break;
  }
  return "requests/s";
}

std::optional<MetricUnit> unit_by_name(std::string_view name) {
  for (const MetricUnit unit :
       {kNanoseconds, kBytes, kTasks, kTasksPerRequest, kPercent, kPerSecond}) {
    if (unit_name(unit) == name) return unit;
  }
  return std::nullopt;
}

std::string humanise_value(MetricUnit unit, std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return "n/a";
  switch (unit) {
    case kNanoseconds:
      return humanise_ns(*value);
    case kBytes:
      return humanise_bytes(*value);
    case kTasks:
      return humanise_count(*value);
    case kTasksPerRequest:
      return humanise_number(*value);
    case kPercent:
      return humanise_number(*value) + " %";
    case kPerSecond:
      break;
  }
  return humanise_number(*value) + "/s";
}

std::string humanise_metric(Metric metric, std::optional<double> value) {
  return humanise_value(metric_info(metric).unit, value);
}

}  // namespace leakbench
