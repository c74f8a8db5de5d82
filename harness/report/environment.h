// The machine and the build that a run was measured with.
#ifndef LEAKBENCH_HARNESS_REPORT_ENVIRONMENT_H_
#define LEAKBENCH_HARNESS_REPORT_ENVIRONMENT_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/build_info.h"

namespace leakbench {

struct PortRange {
  int first = 0;
  int last = 0;
};

// nullopt: the system does not tell.
struct Environment {
  std::optional<std::string> cpu_model;
  std::optional<int> cores_online;
  std::vector<int> cores_allowed;  // this process's affinity; empty when the system does not tell
  std::optional<std::string> kernel;  // "Linux 6.1.0"
  std::optional<std::int64_t> memory_total_bytes;
  BuildInfo build;
  std::optional<std::uint64_t> nofile_soft;
  std::optional<std::uint64_t> nofile_hard;
  std::optional<int> somaxconn;
  std::optional<PortRange> port_range;  // of outgoing connections, both ends included
  std::optional<double> load_average_1m;
};

// Reads the machine now; `proc` is where procfs is mounted. Never throws for a missing or odd file.
Environment capture_environment(const std::filesystem::path& proc = "/proc");

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_ENVIRONMENT_H_
