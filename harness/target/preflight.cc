#include "harness/target/preflight.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"

namespace leakbench {
namespace {

DescriptorLimit read_limit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw Error(ExitCode::kEnvironmentUnfit,
                fmt::format("cannot read the limit of open files: {}", std::strerror(errno)));
  }
  return {limit.rlim_cur, limit.rlim_max};
}

void set_limit(const DescriptorLimit& wanted) {
  const rlimit limit = {wanted.soft, wanted.hard};
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw Error(
        ExitCode::kEnvironmentUnfit,
        fmt::format("cannot raise the limit of open files to {}: {}; run ulimit -n {} first",
                    wanted.soft, std::strerror(errno), wanted.soft));
  }
}

}  // namespace

DescriptorLimits process_descriptor_limits() { return {read_limit, set_limit}; }

DescriptorLimit check_descriptor_limit(int connections, const DescriptorLimits& limits,
                                       std::string_view option) {
  const std::uint64_t need = static_cast<std::uint64_t>(connections) + kDescriptorReserve;
  DescriptorLimit limit = limits.read();
  if (limit.soft >= need) return limit;
  if (limit.hard < need) {
    throw Error(
        ExitCode::kEnvironmentUnfit,
        fmt::format("{} connections need {} open files, but the limit is {} (hard limit {}): "
                    "run ulimit -n {} as root first{}",
                    connections, need, limit.soft, limit.hard, need,
                    limit.hard > kDescriptorReserve
                        ? fmt::format(", or ask for at most {} connections ({})",
                                      limit.hard - kDescriptorReserve, option)
                        : ""));
  }
  limit.soft = limit.hard;
  limits.set(limit);
  return limit;
}

std::optional<ConnectionPorts> check_port_range(int connections, const std::filesystem::path& file,
                                                std::string_view option) {
  constexpr int kFirstUnprivileged = 1024;
  constexpr int kLast = 65535;
  ConnectionPorts range;
  std::ifstream stream(file);
  if (!(stream >> range.first >> range.last) || range.first < 1 || range.last > kLast ||
      range.last < range.first) {
    return std::nullopt;
  }
  if (range.size() >= connections) return range;
  const std::string found = fmt::format(
      "{} connections need as many ports, but net.ipv4.ip_local_port_range {} {} has {}: ",
      connections, range.first, range.last, range.size());
  constexpr int kMost = kLast - kFirstUnprivileged + 1;
  const std::string fewer =
      fmt::format("ask for at most {} connections ({})", range.size(), option);
  if (connections > kMost) throw Error(ExitCode::kEnvironmentUnfit, found + fewer);
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("{}run sysctl -w net.ipv4.ip_local_port_range=\"{} {}\" as root, or {}",
                          found, kFirstUnprivileged, kLast, fewer));
}

}  // namespace leakbench
