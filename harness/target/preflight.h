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

// For a generator alone: its threads can have descriptors of their own, so that only what one of
// them opens is bounded.
struct GeneratorThreads {
  std::size_t threads = 1;
  bool own_descriptors = false;
};

// As many threads as are asked for, or more where the limit, raised as above, is too low for their
// connections. Throws when it is too low for any.
GeneratorThreads plan_threads(int connections, std::size_t threads,
                              const DescriptorLimits& limits = process_descriptor_limits());

// Each connection to one server takes one port of the system's range for outgoing connections, on
// the address that it comes from: how many addresses that takes. 1 where the system does not say.
std::size_t source_addresses_for(
    int connections, const std::filesystem::path& file = "/proc/sys/net/ipv4/ip_local_port_range");

// Most handshakes that a server's backlog can hold, whatever it asks for; `otherwise` where the
// system does not say.
std::size_t largest_backlog(std::size_t otherwise,
                            const std::filesystem::path& file = "/proc/sys/net/core/somaxconn");

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PREFLIGHT_H_
