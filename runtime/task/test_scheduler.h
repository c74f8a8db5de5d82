// A scheduler on a clock that stands still: for tests of everything that waits, without waiting.
#ifndef LEAKBENCH_RUNTIME_TASK_TEST_SCHEDULER_H_
#define LEAKBENCH_RUNTIME_TASK_TEST_SCHEDULER_H_

#include <source_location>
#include <utility>

#include "runtime/task/scheduler.h"

namespace leakbench {

// One worker, driven by the test's own thread. Not thread-safe.
class TestScheduler {
 public:
  explicit TestScheduler(Scheduler::Options options = {})
      : scheduler_([&] {
          options.clock = &clock_;
          options.threads = false;
          return std::move(options);
        }()) {}

  void go(task<> work, const char* name = "test",
          std::source_location location = std::source_location::current()) {
    scheduler_.go(std::move(work), name, location);
  }

  // Runs until every task is parked or gone.
  void run_until_idle() {
    while (scheduler_.turn()) {
    }
  }

  // Moves the clock, stopping at each timer on the way and letting what it wakes run.
  void advance(Duration duration) {
    const TimePoint target = clock_.now() + duration;
    run_until_idle();
    while (const auto next = worker().timers().next_deadline()) {
      if (*next > target) break;
      clock_.set(std::max(clock_.now(), *next));
      run_until_idle();
    }
    clock_.set(target);
    run_until_idle();
  }

  ManualClock& clock() { return clock_; }
  TimerQueue& timers() { return worker().timers(); }
  Scheduler& scheduler() { return scheduler_; }
  Worker& worker() { return scheduler_.worker(0); }

 private:
  ManualClock clock_;
  Scheduler scheduler_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_TEST_SCHEDULER_H_
