// A bound on a metric of a finished run: `--fail-if 'with-context:memory_peak_bytes>50MiB'`.
#ifndef LEAKBENCH_HARNESS_REPORT_METRIC_GATE_H_
#define LEAKBENCH_HARNESS_REPORT_METRIC_GATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "harness/report/metric_names.h"

namespace leakbench {

struct MetricGate {
  std::string text;  // as it was given
  std::string arm;   // empty: every arm of the run
  Metric metric = Metric::kLiveTasksSettled;
  std::string relation;  // >, >=, <, <=
  double bound = 0;      // in the metric's unit
};

enum class GateOutcome {
  kKept,
  kFailed,       // the value is what it must not be
  kInconclusive  // it was not measured
};

// `[ARM:]METRIC REL VALUE`. The value has the metric's unit behind it: a time always ("50ms"),
// bytes where they are not plain ones ("50MiB", "64kB"), a percentage where one likes ("80%").
// Throws Error(kUsage) that names what may be given, and for an unknown metric the one that is
// near.
MetricGate parse_metric_gate(std::string_view text);

GateOutcome outcome_of(const MetricGate& gate, const std::optional<double>& value);

// "with-context: memory_peak_bytes is 62.3 MiB (memory_peak_bytes>50MiB)"
std::string gate_text(const MetricGate& gate, std::string_view arm,
                      const std::optional<double>& value);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_METRIC_GATE_H_
