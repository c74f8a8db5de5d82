#include "harness/verdict/humanise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>

namespace leakbench {
namespace {

struct Unit {
  double size;
  std::string_view name;
};

constexpr std::array kTimeUnits = {Unit{1, "ns"}, Unit{1e3, "us"}, Unit{1e6, "ms"}, Unit{1e9, "s"}};
constexpr std::array kByteUnits = {Unit{1, "B"}, Unit{1024, "KiB"}, Unit{1024.0 * 1024, "MiB"},
                                   Unit{1024.0 * 1024 * 1024, "GiB"}};

int decimals_for(double value, int digits) {
  if (value == 0) return 0;
  const int before_point = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  return std::clamp(digits - before_point, 0, 9);
}

double rounded(double value, int digits) {
  const double scale = std::pow(10.0, decimals_for(value, digits));
  return std::round(value * scale) / scale;
}

std::string separate_thousands(std::string text) {
  const std::size_t first_digit = text.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > first_digit + 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string with_unit(double value, int digits, std::span<const Unit> units) {
  std::size_t chosen = 0;
  while (chosen + 1 < units.size() &&
         std::abs(rounded(value / units[chosen].size, digits)) * units[chosen].size >=
             units[chosen + 1].size) {
    ++chosen;
  }
  return fmt::format("{} {}", humanise_number(value / units[chosen].size, digits),
                     units[chosen].name);
}

}  // namespace

std::string humanise_number(double value, int digits) {
  const double shown = rounded(value, digits);
  if (shown == 0) return "0";
  std::string text = fmt::format("{:.{}f}", shown, decimals_for(shown, digits));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
  }
  return separate_thousands(std::move(text));
}

std::string humanise_ns(double nanoseconds, int digits) {
  return with_unit(nanoseconds, digits, kTimeUnits);
}

std::string humanise_bytes(double bytes, int digits) {
  return with_unit(bytes, digits, kByteUnits);
}

std::string humanise_count(double count) {
  if (count == std::round(count)) return humanise_number(count, 1);
  return separate_thousands(fmt::format("{:.1f}", count));
}

std::string humanise_tasks(double count) {
  return fmt::format("{} {}", humanise_count(count), count == 1 ? "task" : "tasks");
}

std::string humanise_change(double percent) {
  if (percent > -100 && percent < -99.5) {
    return fmt::format("{:.1f} %", std::trunc(percent * 10) / 10);
  }
  const double whole = std::round(percent);
  return fmt::format("{}{} %", whole > 0 ? "+" : "", humanise_number(whole, 1));
}

}  // namespace leakbench
