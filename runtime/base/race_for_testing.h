// For tests of what two threads do to each other.
#ifndef LEAKBENCH_RUNTIME_BASE_RACE_FOR_TESTING_H_
#define LEAKBENCH_RUNTIME_BASE_RACE_FOR_TESTING_H_

#include <atomic>
#include <thread>

namespace leakbench {

// Starts both at the same moment, as near as threads allow; returns when both are through.
template <typename A, typename B>
void race(A a, B b) {
  std::atomic<int> ready{0};
  const auto meet = [&] {
    ready.fetch_add(1);
    while (ready.load() < 2) std::this_thread::yield();
  };
  std::thread other([&] {
    meet();
    b();
  });
  meet();
  a();
  other.join();
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BASE_RACE_FOR_TESTING_H_
