// The registry as the JSON of /debug/tasks. For the control port.
#ifndef LEAKBENCH_RUNTIME_CONTROL_TASK_JSON_H_
#define LEAKBENCH_RUNTIME_CONTROL_TASK_JSON_H_

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "runtime/task/scheduler.h"

namespace leakbench {

// Counts by spawn site; with `limit`, also up to that many tasks one by one. The counts cost the
// workers nothing; the list is collected by them, between two turns.
nlohmann::ordered_json task_json(Scheduler& scheduler, std::optional<std::size_t> limit);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_TASK_JSON_H_
