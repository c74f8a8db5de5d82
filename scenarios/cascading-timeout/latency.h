// How long a service takes for each of its requests: drawn at random, and the same in every run.
#ifndef LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_LATENCY_H_
#define LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_LATENCY_H_

#include <cstdint>

#include "runtime/time/clock.h"

namespace leakbench {

// Lognormal, as latencies of services mostly are, and of two kinds: now and then a request takes
// the slow path.
struct LatencyModel {
  Duration median{};
  Duration slow_median{};
  double slow_share = 0;  // of the requests
  double spread = 0;      // standard deviation of the latency's logarithm
  Duration longest{};     // what is longer is cut off
  std::uint64_t seed = 0;

  // Of the request with this number. Go's twin draws the same.
  Duration of(std::uint64_t request) const;
};

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_LATENCY_H_
