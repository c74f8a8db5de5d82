#ifndef LEAKBENCH_HARNESS_REPORT_COUNTER_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_COUNTER_REPORT_H_

#include <optional>
#include <string>

#include "harness/report/metric_names.h"

namespace leakbench {

// What one request adds to a counter of the scenario's own, over a round.
struct CounterReport {
  std::string label;
  MetricUnit unit = MetricUnit::kNanoseconds;
  std::optional<double> per_request;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_COUNTER_REPORT_H_
