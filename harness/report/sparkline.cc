#include "harness/report/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace leakbench {
namespace {

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

// A source that is asked sparingly, as a goroutine profile is, counts in a few samples a second.
constexpr std::int64_t kLongestGapNs = 1'000'000'000;

// 0 is the lowest block; whatever is more stands above it.
std::string_view block(std::int64_t value, std::int64_t top) {
  if (value <= 0) return kBlocks.front();
  const double share = static_cast<double>(value) / static_cast<double>(std::max(value, top));
  return kBlocks[static_cast<std::size_t>(std::ceil(share * (kBlocks.size() - 1)))];
}

}  // namespace

std::vector<std::optional<std::int64_t>> most_in_stretches(
    const std::vector<LiveTasksSample>& samples, std::int64_t from_ns, std::int64_t to_ns,
    std::size_t cells) {
  std::vector<std::optional<std::int64_t>> most(cells);
  if (to_ns <= from_ns) return most;
  const double width = static_cast<double>(to_ns - from_ns) / static_cast<double>(cells);
  auto sample = samples.begin();
  std::optional<std::int64_t> last;
  std::int64_t counted_at = 0;
  const auto take = [&](const LiveTasksSample& taken) {
    if (taken.live_tasks) {
      last = taken.live_tasks;
      counted_at = taken.t_ns;
    } else if (last && taken.t_ns - counted_at > kLongestGapNs) {
      last.reset();
    }
  };
  while (sample != samples.end() && sample->t_ns < from_ns) take(*sample++);
  for (std::size_t i = 0; i < cells && sample != samples.end(); ++i) {
    const double end = static_cast<double>(from_ns) + width * static_cast<double>(i + 1);
    if (static_cast<double>(sample->t_ns) >= end) most[i] = last;
    while (sample != samples.end() && static_cast<double>(sample->t_ns) < end) {
      take(*sample++);
      most[i] = std::max(most[i], last);  // nullopt is less than any count
    }
  }
  return most;
}

std::string sparkline(const std::vector<std::optional<std::int64_t>>& values, std::int64_t top) {
  std::string line;
  for (const auto& value : values) line += value ? block(*value, top) : " ";
  return line;
}

}  // namespace leakbench
