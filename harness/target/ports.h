// Free TCP ports on 127.0.0.1.
#ifndef LEAKBENCH_HARNESS_TARGET_PORTS_H_
#define LEAKBENCH_HARNESS_TARGET_PORTS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
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

// Why no connection to address:port could be opened within `time`; empty when one could. `address`
// in host order.
std::string connect_problem(std::uint32_t address, std::uint16_t port,
                            std::chrono::milliseconds time);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PORTS_H_
