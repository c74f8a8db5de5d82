// The JSON of /debug/tasks: the task registry of our own servers.
#ifndef LEAKBENCH_HARNESS_PROBE_TASK_PROFILE_JSON_H_
#define LEAKBENCH_HARNESS_PROBE_TASK_PROFILE_JSON_H_

#include <optional>
#include <string>

#include "harness/probe/metrics_source.h"

namespace leakbench {

// Both give nullopt for a text that is not JSON, another kind of document, or a newer major
// version; entries that make no sense are left out. Never throw anything but std::bad_alloc.

// The counts by spawn site.
std::optional<TaskProfile> parse_task_profile(const std::string& text);

// The counts, and what the list of single tasks (?full=1) adds to them. Where it lists all tasks,
// a site is told apart by where its tasks wait, with the list's counts and the bytes of their
// frames. Where it is cut it cannot count: sites stay as they are, with what is known of some of
// their tasks.
std::optional<TaskProfile> parse_full_task_profile(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TASK_PROFILE_JSON_H_
