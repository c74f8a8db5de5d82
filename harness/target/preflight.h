// What must hold on this machine before thousands of connections are opened, checked before the
// first server starts. Every failure is an Error(ExitCode::kEnvironmentUnfit) that names the limit,
// the need and the command that helps.
#ifndef LEAKBENCH_HARNESS_TARGET_PREFLIGHT_H_
#define LEAKBENCH_HARNESS_TARGET_PREFLIGHT_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace leakbench {

struct DescriptorLimit {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};

// Where the limit is read and raised. Both throw Error(kEnvironmentUnfit) when the system refuses.
struct DescriptorLimits {
  std::function<DescriptorLimit()> read;
  std::function<void(const DescriptorLimit&)> set;
};

// RLIMIT_NOFILE of this process, which the servers that it starts inherit.
DescriptorLimits process_descriptor_limits();

// Descriptors that a process needs besides its connections: log, epoll, control port, libraries.
inline constexpr std::uint64_t kDescriptorReserve = 64;

// `option` is what the person asks for connections with. The generator and the server each hold one
// descriptor per connection. Raises the soft limit to the hard one when it is too low; throws when
// the hard one is too low as well. Returns the limit that holds now.
DescriptorLimit check_descriptor_limit(int connections,
                                       const DescriptorLimits& limits = process_descriptor_limits(),
                                       std::string_view option = "--concurrency");

struct ConnectionPorts {
  int first = 0;
  int last = 0;
  int size() const { return last - first + 1; }
};

// Each connection to one server takes one port of the system's range for outgoing connections.
// Throws when it is too small for `connections`; returns it, or nullopt when the system does not
// say.
std::optional<ConnectionPorts> check_port_range(
    int connections, const std::filesystem::path& file = "/proc/sys/net/ipv4/ip_local_port_range",
    std::string_view option = "--concurrency");

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PREFLIGHT_H_
