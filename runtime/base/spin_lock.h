// A one-byte lock for sections of a few instructions that never block, allocate at length or call
// user code. Uncontended it costs one atomic exchange; a waiter yields its core after a short spin,
// because on a machine with few cores the holder may need that core to get on.
#ifndef LEAKBENCH_RUNTIME_BASE_SPIN_LOCK_H_
#define LEAKBENCH_RUNTIME_BASE_SPIN_LOCK_H_

#include <sched.h>

#include <atomic>

namespace leakbench {

// Meets the standard's Lockable requirements, so std::lock_guard and std::unique_lock take it.
class SpinLock {
 public:
  void lock() {
    while (locked_.exchange(true, std::memory_order_acquire)) wait();
  }
  bool try_lock() { return !locked_.exchange(true, std::memory_order_acquire); }
  void unlock() { locked_.store(false, std::memory_order_release); }

 private:
  void wait() const {
    constexpr int kSpins = 64;
    for (int spins = 0; locked_.load(std::memory_order_relaxed); ++spins) {
      if (spins >= kSpins) sched_yield();
    }
  }

  std::atomic<bool> locked_{false};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BASE_SPIN_LOCK_H_
