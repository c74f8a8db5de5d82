#include "harness/probe/prometheus_count.h"

#include <cmath>

#include "harness/probe/prometheus_selector.h"

namespace leakbench {
namespace {

constexpr double kLargestExact = 9007199254740992.0;  // 2^53

std::optional<double> value_of(const PrometheusSeries& series, const char* name) {
  const auto found = series.find(name);
  if (found == series.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<std::int64_t> as_whole_count(std::optional<double> value) {
  if (!value || !(*value >= 0 && *value <= kLargestExact) || *value != std::floor(*value)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*value);
}

std::optional<std::int64_t> seconds_as_ns(std::optional<double> seconds) {
  if (!seconds) return std::nullopt;
  return as_whole_count(std::round(*seconds * 1e9));
}

MetricsReading leakbench_reading(const PrometheusSeries& series) {
  const auto count = [&](const char* name) { return as_whole_count(value_of(series, name)); };
  MetricsReading reading;
  reading.live_tasks = count("leakbench_live_tasks");
  reading.system_tasks = count("leakbench_system_tasks");
  reading.requests_in_flight = count("leakbench_requests_in_flight");
  reading.connections_open = count("leakbench_connections_open");
  reading.tasks_started_total = count("leakbench_tasks_started_total");
  reading.requests_total = count("leakbench_requests_total");
  reading.heap_in_use_bytes = count("leakbench_heap_in_use_bytes");
  reading.unhandled_exceptions_total = count("leakbench_unhandled_exceptions_total");
  reading.gc_pause_total_ns = seconds_as_ns(value_of(series, "leakbench_gc_pause_seconds_sum"));
  return reading;
}

SeriesValues values_of(const PrometheusSeries& series, const std::vector<std::string>& selectors) {
  SeriesValues values;
  for (const std::string& selector : selectors) values.push_back(sum_of_series(series, selector));
  return values;
}

}  // namespace leakbench
