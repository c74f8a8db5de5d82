// How far a load has come, for whoever shows it meanwhile.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_

#include <atomic>
#include <cstdint>

namespace leakbench {

// Only grows. Safe to read from any thread; the counts are each right, not all of one moment.
struct LoadProgress {
  std::atomic<std::uint64_t> connected{0};  // connections established, ended ones included
  std::atomic<std::uint64_t> sent{0};       // requests tried: see LoadResult::sent
  std::atomic<std::uint64_t> answered{0};   // requests with a whole answer of any status

  static void count(std::atomic<std::uint64_t>& what) {
    what.fetch_add(1, std::memory_order_relaxed);
  }
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_
