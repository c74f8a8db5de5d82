// Whether two manifests ask the same of the servers that they start, so that these can be compared.
#ifndef LEAKBENCH_HARNESS_TARGET_SAME_WORK_H_
#define LEAKBENCH_HARNESS_TARGET_SAME_WORK_H_

#include <optional>
#include <string>

#include "harness/target/manifest.h"

namespace leakbench {

struct WorkDifference {
  std::string field;  // its path in a manifest, "/load/connections"
  std::string first;  // of its value in the first manifest what shows the difference, on one line
  std::string second;
};

// The first field, in the order of the documentation, in which the work differs: options, requests,
// load, settle window, variants and what is expected of them, deadline, counters. What starts a
// server and looks into it may differ, and so may names and texts, which measure nothing.
std::optional<WorkDifference> first_difference(const Manifest& first, const Manifest& second);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_SAME_WORK_H_
