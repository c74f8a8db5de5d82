#include "harness/report/gate_text.h"

#include <charconv>
#include <cmath>

namespace leakbench {
namespace {

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

std::optional<GateText> split_gate(std::string_view text) {
  const std::size_t at = text.find_first_of("<>");
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t length = text.substr(at + 1).starts_with('=') ? 2 : 1;
  return GateText{trimmed(text.substr(0, at)), std::string(text.substr(at, length)),
                  trimmed(text.substr(at + length))};
}

std::optional<double> parse_gate_number(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || !std::isfinite(number) || number < 0) {
    return std::nullopt;
  }
  return number;
}

bool holds(double value, std::string_view relation, double bound) {
  if (relation == ">") return value > bound;
  if (relation == ">=") return value >= bound;
  if (relation == "<") return value < bound;
  return value <= bound;
}

}  // namespace leakbench
