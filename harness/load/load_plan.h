// What load to make: which request, how often, over how many connections.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/time/clock.h"

namespace leakbench {

struct LoadPlan {
  std::uint16_t port = 0;  // on 127.0.0.1

  std::string method = "GET";
  std::string target = "/";
  // Host and Content-Length are added; a Host given here is taken instead.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::size_t connections = 1;
  // Over all connections, as evenly as whole numbers allow: see share_of().
  std::size_t requests = 1;

  Duration connect_timeout = std::chrono::seconds(10);
  // From the request's sending to the last byte of its answer.
  Duration request_timeout = std::chrono::seconds(30);
  // Most handshakes under way at once, so that the ramp does not overflow the target's backlog.
  std::size_t connects_in_flight = 256;
};

// Throws Error(kUsage), naming the value that can't be.
void check_plan(const LoadPlan& plan);

// The bytes of the plan's request, the same each time.
std::string render_request(const LoadPlan& plan);

// How much of `total` falls to part `index` of `parts`: the shares differ by one at most, the
// larger ones come first, and they add up to `total`.
constexpr std::size_t share_of(std::size_t total, std::size_t parts, std::size_t index) {
  return total / parts + (index < total % parts ? 1 : 0);
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_
