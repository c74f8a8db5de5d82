#include "runtime/http/deadline_header.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace leakbench {
namespace {

constexpr std::size_t kMostDigits = 10;
constexpr std::int64_t kLargest = 9'999'999'999;

}  // namespace

std::string format_time_left(Duration left) {
  const std::int64_t count = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
  return std::to_string(std::clamp<std::int64_t>(count, 1, kLargest));
}

std::optional<Duration> parse_time_left(std::string_view value) {
  std::int64_t count = 0;
  const char* const last = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), last, count);
  if (error != std::errc() || rest != last || value.size() > kMostDigits || count <= 0) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(count);
}

}  // namespace leakbench
