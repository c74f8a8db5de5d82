// The JSON documents of the control port.
#ifndef LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_
#define LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_

#include <optional>
#include <string>

#include "harness/probe/metrics_source.h"

namespace leakbench {

// All give nullopt for a text that is not JSON, another kind of document, or a newer major
// version; entries that make no sense are left out. Never throw anything but std::bad_alloc.
std::optional<TaskProfile> parse_task_profile(const std::string& text);
std::optional<PauseSnapshot> parse_pause_snapshot(const std::string& text);
// Of the block os_thread, which servers before 1.1 do not have.
std::optional<PauseSnapshot> parse_os_pause_snapshot(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_
