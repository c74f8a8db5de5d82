#include "harness/target/preflight.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
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

GeneratorThreads plan_threads(int connections, std::size_t threads,
                              const DescriptorLimits& limits) {
  DescriptorLimit limit = limits.read();
  const auto wanted = static_cast<std::uint64_t>(connections);
  if (limit.soft < wanted + kDescriptorReserve && limit.soft < limit.hard) {
    limit.soft = limit.hard;
    limits.set(limit);
  }
  if (limit.soft >= wanted + kDescriptorReserve) return {threads, false};
  if (limit.soft <= 2 * kDescriptorReserve)
    check_descriptor_limit(connections, limits, "--connections");
  const std::uint64_t most = limit.soft - kDescriptorReserve;
  const std::uint64_t needed = (wanted + most - 1) / most;
  return {std::max<std::size_t>(threads, needed), true};
}

std::size_t source_addresses_for(int connections, const std::filesystem::path& file) {
  constexpr int kLast = 65535;
  int first = 0;
  int last = 0;
  std::ifstream stream(file);
  if (!(stream >> first >> last) || first < 1 || last > kLast || last < first) return 1;
  const int ports = last - first + 1;
  return static_cast<std::size_t>((connections + ports - 1) / ports);
}

std::size_t largest_backlog(std::size_t otherwise, const std::filesystem::path& file) {
  std::size_t most = 0;
  std::ifstream stream(file);
  return stream >> most && most > 0 ? most : otherwise;
}

}  // namespace leakbench
