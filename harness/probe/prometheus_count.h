// Figures of an exposition as whole numbers, and those that bear the names of our own servers.
#ifndef LEAKBENCH_HARNESS_PROBE_PROMETHEUS_COUNT_H_
#define LEAKBENCH_HARNESS_PROBE_PROMETHEUS_COUNT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/probe/prometheus_text.h"

namespace leakbench {

// What is negative, fractional, infinite or too large to be exact is no count.
std::optional<std::int64_t> as_whole_count(std::optional<double> value);

// Seconds as nanoseconds, rounded.
std::optional<std::int64_t> seconds_as_ns(std::optional<double> seconds);

// Of leakbench_live_tasks, leakbench_heap_in_use_bytes and so on, as far as they are there.
MetricsReading leakbench_reading(const PrometheusSeries& series);

// Of each selector (prometheus_selector.h) the sum of its series.
SeriesValues values_of(const PrometheusSeries& series, const std::vector<std::string>& selectors);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROMETHEUS_COUNT_H_
