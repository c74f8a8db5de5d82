// Which cores the server and the load generator run on: never the same one where there are two.
#ifndef LEAKBENCH_HARNESS_TARGET_CORES_H_
#define LEAKBENCH_HARNESS_TARGET_CORES_H_

#include <vector>

namespace leakbench {

struct CorePlan {
  std::vector<int> server_cores;
  std::vector<int> generator_cores;
  bool shared = false;  // one core only: generator and server compete, which a report must say
};

// The cores that this process may use, ascending. Empty when the system does not say.
std::vector<int> allowed_cores();

// The first allowed core to the server, the second to the generator. Nothing is pinned (both lists
// empty, shared) when no core is known.
CorePlan plan_cores(const std::vector<int>& allowed);

// For this process. Call it once, before any thread is pinned.
CorePlan plan_cores();

// Pins the calling thread, and so the threads that it starts from now on. False when refused.
bool pin_calling_thread(const std::vector<int>& cores);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_CORES_H_
