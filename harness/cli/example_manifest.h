// The manifest that a person starts from.
#ifndef LEAKBENCH_HARNESS_CLI_EXAMPLE_MANIFEST_H_
#define LEAKBENCH_HARNESS_CLI_EXAMPLE_MANIFEST_H_

#include <string>

#include "harness/target/manifest.h"

namespace leakbench {

// JSON with comments that parse_manifest() takes, for a server with such a source: one that is
// started, or with a `url` the one that runs there.
std::string example_manifest(MetricsSourceKind kind, const std::string& url = "");

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_EXAMPLE_MANIFEST_H_
