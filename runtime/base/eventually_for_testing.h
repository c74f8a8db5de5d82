// For tests of what other threads bring about.
#ifndef LEAKBENCH_RUNTIME_BASE_EVENTUALLY_FOR_TESTING_H_
#define LEAKBENCH_RUNTIME_BASE_EVENTUALLY_FOR_TESTING_H_

#include <chrono>
#include <thread>

namespace leakbench {

// Waits until `condition()` holds, and says whether it did within 20 s.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BASE_EVENTUALLY_FOR_TESTING_H_
