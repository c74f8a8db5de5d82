#include "harness/report/load_gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/report/gate_text.h"
#include "harness/verdict/humanise.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

struct TimeMetric {
  std::string_view name;
  std::optional<double> TimeSummary::*value;
};

constexpr std::array<TimeMetric, 6> kTimes = {{{"mean", &TimeSummary::mean},
                                               {"p50", &TimeSummary::p50},
                                               {"p90", &TimeSummary::p90},
                                               {"p99", &TimeSummary::p99},
                                               {"p999", &TimeSummary::p999},
                                               {"max", &TimeSummary::max}}};

const TimeMetric* time_metric(std::string_view name) {
  const auto found =
      std::find_if(kTimes.begin(), kTimes.end(), [&](const auto& t) { return t.name == name; });
  return found == kTimes.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Error(ExitCode::kUsage,
              fmt::format("--fail-if {:?} {}: give one such as 'p99>50ms', 'errors>0', 'rps<1000'",
                          text, why));
}

double parse_bound(std::string_view text, const LoadGate& gate, std::string_view bound) {
  if (time_metric(gate.metric) != nullptr) {
    const auto duration = parse_duration(bound);
    if (!duration) refuse(text, fmt::format("needs a time with its unit behind {}", gate.relation));
    return static_cast<double>(duration->count());
  }
  const auto number = parse_gate_number(bound);
  if (!number) refuse(text, fmt::format("needs a number behind {}", gate.relation));
  return *number;
}

std::optional<double> value_of(const LoadGate& gate, const LoadReport& report) {
  if (const TimeMetric* time = time_metric(gate.metric)) return report.response_time.*time->value;
  if (gate.metric == "errors") return static_cast<double>(report.requests.errors());
  return report.throughput_rps;
}

}  // namespace

LoadGate parse_gate(std::string_view text) {
  const auto split = split_gate(text);
  if (!split) refuse(text, "has no >, >=, < or <=");
  LoadGate gate;
  gate.text = text;
  gate.metric = split->metric;
  gate.relation = split->relation;
  if (time_metric(gate.metric) == nullptr && gate.metric != "errors" && gate.metric != "rps") {
    refuse(text, "is not about mean, p50, p90, p99, p999, max, errors or rps");
  }
  gate.bound = parse_bound(text, gate, split->bound);
  return gate;
}

std::optional<std::string> failure_of(const LoadGate& gate, const LoadReport& report) {
  const std::optional<double> value = value_of(gate, report);
  if (!value) {
    return fmt::format("{} cannot be told from {} answers ({})", gate.metric,
                       humanise_count(static_cast<double>(report.requests.ok)), gate.text);
  }
  if (!holds(*value, gate.relation, gate.bound)) return std::nullopt;
  const bool is_time = time_metric(gate.metric) != nullptr;
  return fmt::format("{} is {} ({})", gate.metric,
                     is_time ? humanise_ns(*value) : humanise_number(*value), gate.text);
}

}  // namespace leakbench
