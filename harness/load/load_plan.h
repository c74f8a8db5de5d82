// What load to make: which request, how often, over how many connections.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_

#include <netinet/in.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/load/fate.h"
#include "harness/load/schedule.h"
#include "runtime/time/clock.h"

namespace leakbench {

// When a connection's first request is due; each further one is when the one before is answered,
// so that a target that stalls is asked less while it does.
enum class ClosedModel {
  kBurst,  // all at one moment, so that waiting for the generator's own turn counts
  kClosed  // when the connection comes to sending it
};

// "burst", "closed".
std::string_view to_string(ClosedModel model);

// One of the requests of a load.
struct LoadRequest {
  std::string method = "GET";
  std::string target = "/";
  // Host and Content-Length are added; a Host given here is taken instead of the plan's.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::uint32_t weight = 1;  // its share among the plan's requests, at least 1
};

struct LoadPlan {
  std::uint32_t address = INADDR_LOOPBACK;  // in host order, of 127.0.0.0/8
  std::uint16_t port = 0;

  ClosedModel model = ClosedModel::kBurst;
  // Instead: requests are due by a schedule, whatever the target does, and go to whichever
  // connection is free. Its duration is the plan's, where that has one.
  std::optional<ArrivalPlan> arrivals;

  std::string host;  // of the Host header; empty: address and port
  // At least one. Which of them is sent is drawn by weight for each: see RequestMix.
  std::vector<LoadRequest> mix = {LoadRequest()};
  // Statuses besides 2xx that are as good an answer: kOk.
  std::vector<int> accepted_statuses;

  std::size_t connections = 1;
  // Over all connections; of a closed model as evenly as whole numbers allow: see share_of().
  std::size_t requests = 1;
  // Instead of a number of requests: as many as become due in so long a time from the release.
  std::optional<Duration> duration;
  // If not, each request asks for the end of its connection, which is ended after the answer.
  bool keep_alive = true;
  // Whether a connection that has ended is opened again for its next request. If not, the rest of
  // its share is never sent.
  bool reconnect = false;

  FatePlan fates;
  std::uint64_t seed = 1;  // of the fates, and of which request is sent

  Duration connect_timeout = std::chrono::seconds(10);
  // From the request's sending to the last byte of its answer.
  Duration request_timeout = std::chrono::seconds(30);
  // Most handshakes under way at once, so that the ramp does not overflow the target's backlog.
  std::size_t connects_in_flight = 256;
  // Most connections opened in a second before the load; 0: as fast as they are accepted.
  double connect_rate = 0;
  // How many addresses of this machine, 127.0.0.1 and the next ones, the connections come from in
  // turn. Each has ports of its own.
  std::size_t source_addresses = 1;
  // After an attempt to reconnect that failed, so that a target that is gone is not asked in a
  // loop.
  Duration reconnect_pause = std::chrono::milliseconds(100);
};

// Where the plan's connections go.
sockaddr_in address_of(const LoadPlan& plan);

// What connection number `connection` comes from; empty where the kernel may choose.
std::optional<sockaddr_in> source_of(const LoadPlan& plan, std::size_t connection);

// "burst", "closed", "constant", "poisson", "ramp", "stairs".
std::string_view model_name(const LoadPlan& plan);

// "127.0.0.1:8080".
std::string address_text(const LoadPlan& plan);

// Throws Error(kUsage), naming the value that can't be.
void check_plan(const LoadPlan& plan);

// Throws Error(kUsage) for what is no HTTP request, naming the value that can't be.
void check_request(const LoadRequest& request);

// The bytes of one of the plan's requests, the same each time.
std::string render_request(const LoadPlan& plan, const LoadRequest& request);

// How much of `total` falls to part `index` of `parts`: the shares differ by one at most, the
// larger ones come first, and they add up to `total`.
constexpr std::size_t share_of(std::size_t total, std::size_t parts, std::size_t index) {
  return total / parts + (index < total % parts ? 1 : 0);
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_PLAN_H_
