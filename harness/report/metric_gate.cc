#include "harness/report/metric_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/gate_text.h"
#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

[[noreturn]] void refuse_metric_gate(std::string_view text, const std::string& why) {
  throw Error(ExitCode::kUsage,
              fmt::format("--fail-if {} {}: give one such as 'live_tasks_settled>0' or "
                          "'with-context:memory_peak_bytes>50MiB'",
                          in_quotes(text), why));
}

std::vector<std::string> metric_words() {
  std::vector<std::string> names;
  for (const MetricInfo& info : all_metrics()) names.emplace_back(info.name);
  return names;
}

std::optional<double> parse_bytes(std::string_view text) {
  struct ByteUnit {
    std::string_view name;
    double bytes;
  };
  // The longest first: "B" ends them all.
  constexpr std::array kUnits = {
      ByteUnit{"KiB", 1024.0}, ByteUnit{"MiB", 1048576.0}, ByteUnit{"GiB", 1073741824.0},
      ByteUnit{"kB", 1e3},     ByteUnit{"MB", 1e6},        ByteUnit{"GB", 1e9},
      ByteUnit{"B", 1.0}};
  const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                 [&](const ByteUnit& u) { return text.ends_with(u.name); });
  if (unit == kUnits.end()) return parse_gate_number(text);
  text.remove_suffix(unit->name.size());
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto number = parse_gate_number(text);
  return number ? std::optional<double>(*number * unit->bytes) : std::nullopt;
}

double parse_value(std::string_view text, Metric metric, std::string_view value) {
  switch (metric_info(metric).unit) {
    case MetricUnit::kNanoseconds:
      if (const auto time = parse_duration(value)) return static_cast<double>(time->count());
      refuse_metric_gate(text, "needs a time with its unit as its value");
    case MetricUnit::kBytes:
      if (const auto bytes = parse_bytes(value)) return *bytes;
      refuse_metric_gate(text, "needs bytes as its value");
    case MetricUnit::kPercent:
      if (value.ends_with('%')) value.remove_suffix(1);
      break;
    default:
      break;
  }
  if (const auto number = parse_gate_number(value)) return *number;
  refuse_metric_gate(text, "needs a number as its value");
}

}  // namespace

MetricGate parse_metric_gate(std::string_view text) {
  const auto split = split_gate(text);
  if (!split) refuse_metric_gate(text, "has no >, >=, < or <=");
  MetricGate gate;
  gate.text = text;
  gate.relation = split->relation;
  std::string name = split->metric;
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos) {
    gate.arm = name.substr(0, colon);
    name.erase(0, colon + 1);
    if (gate.arm.empty()) refuse_metric_gate(text, "has no arm before the colon");
  }
  const auto metric = metric_by_name(name);
  if (!metric) {
    throw Error(ExitCode::kUsage,
                fmt::format("--fail-if {}: there is no metric {}; {}", in_quotes(text),
                            in_quotes(name), suggestion(name, metric_words())));
  }
  gate.metric = *metric;
  gate.bound = parse_value(text, gate.metric, split->bound);
  return gate;
}

GateOutcome outcome_of(const MetricGate& gate, const std::optional<double>& value) {
  if (!value) return GateOutcome::kInconclusive;
  return holds(*value, gate.relation, gate.bound) ? GateOutcome::kFailed : GateOutcome::kKept;
}

std::string gate_text(const MetricGate& gate, std::string_view arm,
                      const std::optional<double>& value) {
  const std::string_view name = metric_info(gate.metric).name;
  if (!value) return fmt::format("{}: {} was not measured ({})", arm, name, gate.text);
  return fmt::format("{}: {} is {} ({})", arm, name, humanise_metric(gate.metric, value),
                     gate.text);
}

}  // namespace leakbench
