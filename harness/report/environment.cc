#include "harness/report/environment.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string_view>

namespace leakbench {
namespace {

namespace fs = std::filesystem;

// The text after "key:" of the first line that starts so, without the blanks around it.
std::optional<std::string> line_value(const fs::path& file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    // "model name" must not match a key that only begins like it, such as "model name extra".
    if (line.find_first_not_of(" \t", key.size()) != colon) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    if (begin == std::string::npos) return std::nullopt;
    return line.substr(begin, line.find_last_not_of(" \t") - begin + 1);
  }
  return std::nullopt;
}

template <typename T>
std::optional<T> first_number(std::istream& in) {
  T value{};
  if (in >> value) return value;
  return std::nullopt;
}

template <typename T>
std::optional<T> number_in(const fs::path& file) {
  std::ifstream in(file);
  return first_number<T>(in);
}

std::optional<int> online_cores() {
  const long cores = ::sysconf(_SC_NPROCESSORS_ONLN);
  return cores > 0 ? std::optional<int>(static_cast<int>(cores)) : std::nullopt;
}

std::vector<int> allowed_cores() {
  // The kernel refuses a set smaller than its own, which may be larger than CPU_SETSIZE.
  constexpr int kMostCores = 8192;
  std::array<cpu_set_t, kMostCores / CPU_SETSIZE> sets{};
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof(sets), sets.data()) != 0) return cores;
  for (int core = 0; core < kMostCores; ++core) {
    if (CPU_ISSET_S(static_cast<std::size_t>(core), sizeof(sets), sets.data())) {
      cores.push_back(core);
    }
  }
  return cores;
}

std::optional<std::string> kernel_release() {
  utsname names{};
  if (::uname(&names) != 0) return std::nullopt;
  return std::string(names.sysname) + " " + names.release;
}

std::optional<std::int64_t> total_memory(const fs::path& proc) {
  const auto text = line_value(proc / "meminfo", "MemTotal");
  if (!text) return std::nullopt;
  std::istringstream in(*text);
  const auto kibibytes = first_number<std::int64_t>(in);
  if (!kibibytes) return std::nullopt;
  return *kibibytes * 1024;
}

std::optional<PortRange> outgoing_ports(const fs::path& proc) {
  std::ifstream in(proc / "sys/net/ipv4/ip_local_port_range");
  PortRange range;
  if (in >> range.first >> range.last) return range;
  return std::nullopt;
}

}  // namespace

Environment capture_environment(const fs::path& proc) {
  Environment environment;
  environment.cpu_model = line_value(proc / "cpuinfo", "model name");
  environment.cores_online = online_cores();
  environment.cores_allowed = allowed_cores();
  environment.kernel = kernel_release();
  environment.memory_total_bytes = total_memory(proc);
  environment.build = build_info();
  if (rlimit limit{}; ::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    environment.nofile_soft = limit.rlim_cur;
    environment.nofile_hard = limit.rlim_max;
  }
  environment.somaxconn = number_in<int>(proc / "sys/net/core/somaxconn");
  environment.port_range = outgoing_ports(proc);
  environment.load_average_1m = number_in<double>(proc / "loadavg");
  return environment;
}

}  // namespace leakbench
