// What it means that a connection could not be opened.
#ifndef LEAKBENCH_HARNESS_LOAD_CONNECT_ERROR_H_
#define LEAKBENCH_HARNESS_LOAD_CONNECT_ERROR_H_

#include <cstdint>
#include <optional>

#include "harness/base/error.h"
#include "harness/load/load_plan.h"
#include "harness/load/outcome.h"

namespace leakbench {

// What the target did, by an errno; empty where it never came to that, because this machine lacks
// something (descriptors, ports). kOk for 0.
std::optional<Outcome> outcome_of_connect(int error);

// Error(kEnvironmentUnfit) that names the remedy: `error` came when `opened` connections were open.
Error cannot_open(const LoadPlan& plan, std::uint64_t opened, int error);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_CONNECT_ERROR_H_
