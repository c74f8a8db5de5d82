// Opens one connection of a load.
#ifndef LEAKBENCH_HARNESS_LOAD_OPEN_CONNECTION_H_
#define LEAKBENCH_HARNESS_LOAD_OPEN_CONNECTION_H_

#include <cstdint>
#include <optional>
#include <system_error>

#include "harness/base/error.h"
#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "runtime/context/context.h"
#include "runtime/task/task.h"

namespace leakbench {

struct ConnectAttempt {
  Outcome outcome = Outcome::kCutByEnd;  // kOk: the connection is open
  Duration took{};                       // of one that is open
  // What this machine lacks (descriptors, ports), which is nothing the target did.
  std::error_code failure{};
};

// On the worker that the connection belongs to. Tries once. Anything but kOk leaves it closed.
task<ConnectAttempt> open_connection(Context ctx, const LoadPlan& plan, const Clock& clock,
                                     LoadConnection& connection);

// Error(kEnvironmentUnfit) that names the remedy: `failure` came when `opened` connections were
// open.
Error cannot_open(const LoadPlan& plan, std::uint64_t opened, const std::error_code& failure);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_OPEN_CONNECTION_H_
