// How far a load has come, for whoever shows it meanwhile.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace leakbench {

// Of one thread, which alone writes them; on a cache line of their own, so that it is not slowed by
// the others. Only grow.
struct alignas(64) LoadCounters {
  std::atomic<std::uint64_t> connected{0};  // connections established, ended ones included
  std::atomic<std::uint64_t> sent{0};       // requests tried: see LoadResult::sent
  std::atomic<std::uint64_t> answered{0};   // requests with a whole answer of any status

  static void count(std::atomic<std::uint64_t>& what) {
    what.store(what.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

// Of all threads. Safe to read from any; the counts are each right, not all of one moment.
class LoadProgress {
 public:
  explicit LoadProgress(std::size_t threads) : counters_(threads) {}

  std::uint64_t connected() const { return sum(&LoadCounters::connected); }
  std::uint64_t sent() const { return sum(&LoadCounters::sent); }
  std::uint64_t answered() const { return sum(&LoadCounters::answered); }

  LoadCounters& of_thread(std::size_t thread) { return counters_[thread]; }

 private:
  std::uint64_t sum(std::atomic<std::uint64_t> LoadCounters::*which) const {
    std::uint64_t total = 0;
    for (const LoadCounters& counters : counters_) {
      total += (counters.*which).load(std::memory_order_relaxed);
    }
    return total;
  }

  std::vector<LoadCounters> counters_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_PROGRESS_H_
