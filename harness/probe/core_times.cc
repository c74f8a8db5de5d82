#include "harness/probe/core_times.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace leakbench {

std::optional<CoreTimes> parse_core_times(std::string_view stat, const std::vector<int>& cores,
                                          std::int64_t ticks_per_second) {
  if (ticks_per_second <= 0) return std::nullopt;
  const std::int64_t tick_ns = 1'000'000'000 / ticks_per_second;
  CoreTimes times;
  std::size_t found = 0;
  std::istringstream lines{std::string(stat)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string name;
    std::int64_t user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0;
    std::int64_t stolen = 0;
    fields >> name >> user >> nice >> system >> idle >> waiting >> irq >> softirq >> stolen;
    if (!fields || name.size() < 4 || !name.starts_with("cpu")) continue;
    const bool wanted = std::any_of(cores.begin(), cores.end(), [&](int core) {
      return name.compare(3, std::string::npos, std::to_string(core)) == 0;
    });
    if (!wanted) continue;
    ++found;
    times.busy_ns += (user + nice + system + irq + softirq) * tick_ns;
    times.stolen_ns += stolen * tick_ns;
  }
  if (found != cores.size() || cores.empty()) return std::nullopt;
  return times;
}

std::optional<CoreTimes> core_times(const std::vector<int>& cores) {
  std::ifstream file("/proc/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return parse_core_times(text, cores, ::sysconf(_SC_CLK_TCK));
}

}  // namespace leakbench
