#include "harness/probe/machine_probe.h"

#include <charconv>
#include <fstream>
#include <string>
#include <utility>

#include "harness/probe/core_times.h"

namespace leakbench {
namespace {

std::optional<double> read_pressure(const char* path) {
  std::ifstream file(path);
  std::string line;
  // A kernel that was started with psi=0 has the files, and refuses to read them.
  return std::getline(file, line) ? parse_pressure(line) : std::nullopt;
}

}  // namespace

std::optional<double> parse_pressure(std::string_view text) {
  constexpr std::string_view kStart = "some avg10=";
  if (!text.starts_with(kStart)) return std::nullopt;
  double percent = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + kStart.size(), end, percent);
  if (error != std::errc() || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent;
}

MachineProbe::MachineProbe(std::vector<int> server_cores)
    : server_cores_(std::move(server_cores)) {}

MachineReading MachineProbe::read() const {
  MachineReading reading;
  reading.cpu_pressure_percent = read_pressure("/proc/pressure/cpu");
  reading.memory_pressure_percent = read_pressure("/proc/pressure/memory");
  reading.io_pressure_percent = read_pressure("/proc/pressure/io");
  if (const auto times = core_times(server_cores_)) reading.stolen_ns = times->stolen_ns;
  return reading;
}

}  // namespace leakbench
