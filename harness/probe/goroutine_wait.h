// What a goroutine waits for, in the words that our own task registry uses, so that C++ and Go
// servers stand side by side: "channel send", "channel receive", "select", "timer", "mutex",
// "wait group", "io", "runnable" (also while it runs). What only Go has: "condition",
// "system call", "coroutine", "semaphore". Waiting for a context is a "channel receive"
// or a "select" in Go. "unknown" where the answer of the server does not say.
#ifndef LEAKBENCH_HARNESS_PROBE_GOROUTINE_WAIT_H_
#define LEAKBENCH_HARNESS_PROBE_GOROUTINE_WAIT_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"

namespace leakbench {

// From the calls, the innermost first. With `runtime_calls_hidden` those into the runtime are not
// among them, and what cannot be told without them is unknown.
std::string_view wait_of_calls(const std::vector<const GoFrame*>& calls, bool runtime_calls_hidden);

// From the state that a dump names; from the calls where that alone is not enough ("semacquire").
// A state that has no name here is given as Go names it.
std::string wait_of_status(std::string_view status, const std::vector<const GoFrame*>& calls);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GOROUTINE_WAIT_H_
