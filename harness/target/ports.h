// Free TCP ports on 127.0.0.1.
#ifndef LEAKBENCH_HARNESS_TARGET_PORTS_H_
#define LEAKBENCH_HARNESS_TARGET_PORTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace leakbench {

// A port that nobody holds at this moment. Another process may take it before the server does; the
// server then ends with its own message, which ServerProcess reports. Throws
// Error(kEnvironmentUnfit) when there is none.
std::uint16_t pick_free_port();

// The same for several ports, all different.
std::vector<std::uint16_t> pick_free_ports(std::size_t count);

// Whether a server could listen on 127.0.0.1:`port` now. Port 0 is never free.
bool port_is_free(std::uint16_t port);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PORTS_H_
