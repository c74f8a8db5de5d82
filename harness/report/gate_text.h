// The text of a bound, `METRIC REL VALUE`. Inside this module: what METRIC and VALUE may be is told
// by load_gate.h and metric_gate.h.
#ifndef LEAKBENCH_HARNESS_REPORT_GATE_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_GATE_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

struct GateText {
  std::string metric;    // without blanks around it
  std::string relation;  // >, >=, <, <=
  std::string bound;     // without blanks around it
};

// nullopt of a text without a relation.
std::optional<GateText> split_gate(std::string_view text);

// A finite number from 0; nullopt of anything else, a unit behind it included.
std::optional<double> parse_gate_number(std::string_view text);

bool holds(double value, std::string_view relation, double bound);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_GATE_TEXT_H_
