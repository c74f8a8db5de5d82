// The JSON of /debug/pause: how late the heartbeats of a server of ours came.
#ifndef LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_
#define LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_

#include <optional>
#include <string>

#include "harness/probe/metrics_source.h"

namespace leakbench {

// Both give nullopt for a text that is not JSON, another kind of document, or a newer major
// version. Never throw anything but std::bad_alloc.
std::optional<PauseSnapshot> parse_pause_snapshot(const std::string& text);
// Of the block os_thread, which servers before 1.1 do not have.
std::optional<PauseSnapshot> parse_os_pause_snapshot(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_CONTROL_JSON_H_
