// Tells the goroutines that a Go server needs to be one from those that its code has started.
#ifndef LEAKBENCH_HARNESS_PROBE_SYSTEM_GOROUTINE_H_
#define LEAKBENCH_HARNESS_PROBE_SYSTEM_GOROUTINE_H_

#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"

namespace leakbench {

// "accept loop", "HTTP connection", ...; empty for one of the application's, which is what every
// goroutine is that the rules (in the source file) do not know: a leak is never hidden because its
// stack looks unusual. Above all a goroutine of the server that runs a handler counts as the
// application's: a handler that never returns is a leak like any other.
//
// `calls` are the innermost first. With `outer_calls_missing` only rules apply that need no
// outermost call.
std::string_view system_goroutine(const std::vector<const GoFrame*>& calls,
                                  bool outer_calls_missing);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_SYSTEM_GOROUTINE_H_
