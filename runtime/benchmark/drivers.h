// What the runtime's benchmarks have in common: the scheduler as servers run it (threads, the
// machine's clock, the registry), and tasks that drive the operation measured, one on each worker.
//
// The peer in go/ does the same operations under the same names, in batches of the same size:
// whoever changes one changes the other.
#ifndef LEAKBENCH_RUNTIME_BENCHMARK_DRIVERS_H_
#define LEAKBENCH_RUNTIME_BENCHMARK_DRIVERS_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <semaphore>
#include <utility>

#include "runtime/task/scheduler.h"

namespace leakbench {

class Drivers {
 public:
  explicit Drivers(std::int64_t workers)
      : scheduler_({.workers = static_cast<std::size_t>(workers)}) {}

  Scheduler& scheduler() { return scheduler_; }
  std::int64_t count() const { return static_cast<std::int64_t>(scheduler_.worker_count()); }

  // Runs the task `make(index)` on each worker, all at once, and waits for them. Tasks never leave
  // the worker they are started on, and those started from outside go to each worker in turn.
  // Waking the workers and this thread costs tens of microseconds: give them milliseconds of work.
  template <typename Make>
  void run(const Make& make) {
    for (std::int64_t i = 0; i < count(); ++i) scheduler_.go(start(&make, i, &finished_));
    for (std::int64_t i = 0; i < count(); ++i) finished_.acquire();
  }

 private:
  // What starts on the worker has its memory from the worker. Started from outside, the drivers
  // would lie side by side in this thread's memory and share cache lines.
  template <typename Make>
  static task<> start(const Make* make, std::int64_t index, std::counting_semaphore<>* finished) {
    go(drive(make, index, finished));
    co_return;
  }

  template <typename Make>
  static task<> drive(const Make* make, std::int64_t index, std::counting_semaphore<>* finished) {
    co_await (*make)(index);
    finished->release();
  }

  // Outlives the workers, which are still in release() when the last acquire() returns.
  std::counting_semaphore<> finished_{0};
  Scheduler scheduler_;
};

// One batch to warm up, so that what is measured finds its memory there, then the measured ones.
// `operations` is how many one batch does on all workers together.
template <typename Batch>
void measure(benchmark::State& state, std::int64_t operations, Batch batch) {
  batch();
  for (auto _ : state) batch();
  state.counters["operations"] = static_cast<double>(operations);
}

// The same where only `batch` is measured, and not what comes before and after it.
template <typename Prepare, typename Batch, typename CleanUp>
void measure_between(benchmark::State& state, std::int64_t operations, Prepare prepare, Batch batch,
                     CleanUp clean_up) {
  prepare();
  batch();
  clean_up();
  for (auto _ : state) {
    state.PauseTiming();
    prepare();
    state.ResumeTiming();
    batch();
    state.PauseTiming();
    clean_up();
    state.ResumeTiming();
  }
  state.counters["operations"] = static_cast<double>(operations);
}

// CPU time is that of all threads: the workers are not the thread that the library watches.
inline void on_one_and_two_workers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("workers")->Arg(1)->Arg(2)->MeasureProcessCPUTime();
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BENCHMARK_DRIVERS_H_
