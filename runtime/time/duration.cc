#include "runtime/time/duration.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace leakbench {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

// Largest first: formatting takes the first unit that gives at least 1.
constexpr std::array<Unit, 6> kUnits{
    {{"h", 3600e9}, {"m", 60e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}}};

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  const std::string_view name(rest, text.data() + text.size() - rest);
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const double nanoseconds = number * unit.nanoseconds;
    constexpr double kLargest = 9.2e18;  // just under what 63 bits hold
    if (nanoseconds > kLargest) return std::nullopt;
    return std::chrono::nanoseconds(std::llround(nanoseconds));
  }
  return std::nullopt;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  const double nanoseconds = static_cast<double>(duration.count());
  for (const Unit& unit : kUnits) {
    // Hours and minutes only where nothing is lost: "90s" reads better than "1.5m".
    const bool coarse = unit.nanoseconds > 1e9;
    const double value = nanoseconds / unit.nanoseconds;
    if (coarse ? (value >= 1 && value == std::floor(value)) : std::abs(value) >= 1) {
      std::string digits = fmt::format("{:.3f}", value);
      digits.erase(digits.find_last_not_of('0') + 1);
      if (digits.back() == '.') digits.pop_back();
      return digits + std::string(unit.name);
    }
  }
  return "0s";
}

}  // namespace leakbench
