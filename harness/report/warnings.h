// What in the environment makes the figures of a run less trustworthy.
#ifndef LEAKBENCH_HARNESS_REPORT_WARNINGS_H_
#define LEAKBENCH_HARNESS_REPORT_WARNINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/environment.h"

namespace leakbench {

struct Warning {
  // "budget", "load-average", "sanitizer-build", "build-type", "shared-core", "somaxconn"
  std::string id;
  std::string message;  // one line: what was found, why it matters, what to do
};

struct WarningInputs {
  std::int64_t connects_in_flight = 0;  // most handshakes under way at once
  bool cores_are_shared = false;        // the server and the load generator run on the same core
};

// Pure. What the environment does not tell is not warned of.
std::vector<Warning> environment_warnings(const Environment& environment,
                                          const WarningInputs& inputs);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_WARNINGS_H_
