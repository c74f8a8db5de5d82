// How the time that is left for a request travels to the next service.
//
// As a duration in whole milliseconds, never as a point in time: clocks of two machines differ. The
// header is the one that Envoy's router sets on what it passes on
// ("x-envoy-expected-rq-timeout-ms"), so that a server behind a proxy hears of its deadline too.
// gRPC has the same thing as "grpc-timeout: 2S", for its own requests only.
//
// The time that the request spends on the way is not subtracted: whoever waits is gone by then, and
// closes the connection.
#ifndef LEAKBENCH_RUNTIME_HTTP_DEADLINE_HEADER_H_
#define LEAKBENCH_RUNTIME_HTTP_DEADLINE_HEADER_H_

#include <optional>
#include <string>
#include <string_view>

#include "runtime/time/clock.h"

namespace leakbench {

inline constexpr std::string_view kDeadlineHeader = "X-Envoy-Expected-Rq-Timeout-Ms";

// The header's value: rounded down, so that the next service never has longer, but at least one
// millisecond, since Envoy takes 0 for no limit.
std::string format_time_left(Duration left);

// nullopt for anything but a whole number from 1 to 9,999,999,999 (115 days). Such a header says
// nothing, and a request that has it is served as one without: what a peer got wrong about its
// patience is no reason to refuse its request.
std::optional<Duration> parse_time_left(std::string_view value);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_DEADLINE_HEADER_H_
