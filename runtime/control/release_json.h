// The JSON of /debug/release. For the control port.
#ifndef LEAKBENCH_RUNTIME_CONTROL_RELEASE_JSON_H_
#define LEAKBENCH_RUNTIME_CONTROL_RELEASE_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "runtime/control/allocator.h"

namespace leakbench {

nlohmann::ordered_json release_json(const MemoryRelease& release);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_RELEASE_JSON_H_
