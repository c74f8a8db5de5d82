// The JSON of /debug/pause. For the control port.
#ifndef LEAKBENCH_RUNTIME_CONTROL_PAUSE_JSON_H_
#define LEAKBENCH_RUNTIME_CONTROL_PAUSE_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "runtime/stats/histogram.h"

namespace leakbench {

// The lateness of the scheduler's heartbeats since the start, and in the block os_thread that of an
// OS thread.
nlohmann::ordered_json pause_json(const Histogram& scheduler, const Histogram& os_thread);

// Of a process that has only an OS thread: the block os_thread and no scheduler's figures.
nlohmann::ordered_json pause_json(const Histogram& os_thread);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_PAUSE_JSON_H_
