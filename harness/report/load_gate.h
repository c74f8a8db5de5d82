// A bound that a load must keep: `--fail-if 'p99>50ms'`.
#ifndef LEAKBENCH_HARNESS_REPORT_LOAD_GATE_H_
#define LEAKBENCH_HARNESS_REPORT_LOAD_GATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "harness/report/load_report.h"

namespace leakbench {

struct LoadGate {
  std::string text;      // as it was given
  std::string metric;    // mean, p50, p90, p99, p999, max of response time; errors; rps
  std::string relation;  // >, >=, <, <=
  double bound = 0;      // nanoseconds, or a plain number
};

// Throws Error(kUsage) that names what may be given.
LoadGate parse_gate(std::string_view text);

// Why the gate fails, in one clause; nullopt when it holds. One whose metric was not measured fails
// as well: a bound that nobody looked at is not kept.
std::optional<std::string> failure_of(const LoadGate& gate, const LoadReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LOAD_GATE_H_
