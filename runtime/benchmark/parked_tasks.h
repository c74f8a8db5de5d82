// Tasks that park until their context is done: what much of a server's tasks do most of the time.
#ifndef LEAKBENCH_RUNTIME_BENCHMARK_PARKED_TASKS_H_
#define LEAKBENCH_RUNTIME_BENCHMARK_PARKED_TASKS_H_

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"
#include "runtime/task/task.h"

namespace leakbench {

// What one driver has parked. Stays where it is: the tasks refer to it.
struct ParkedTasks {
  Cancellable parent = with_cancel(background());
  wait_group parked;
  wait_group finished;
};

enum class ParkedOn {
  kTimerAndSharedContext,
  kTimerAndOwnContext,
  kOwnContext,
  kOwnTimeoutContext,
};

inline task<> park_on_timer(Context ctx, ParkedTasks* tasks) {
  tasks->parked.done();
  (void)co_await sleep_for(std::move(ctx), std::chrono::hours(1));
  tasks->finished.done();
}

inline task<> park_on_own_context_and_timer(Cancellable own, ParkedTasks* tasks) {
  tasks->parked.done();
  (void)co_await sleep_for(own.context, std::chrono::hours(1));
  tasks->finished.done();
}

inline task<> park_on_own_context(Cancellable own, ParkedTasks* tasks) {
  tasks->parked.done();
  (void)co_await done(own.context);
  tasks->finished.done();
}

inline task<> start_one(ParkedOn on, ParkedTasks* tasks) {
  const Context& parent = tasks->parent.context;
  switch (on) {
    case ParkedOn::kTimerAndSharedContext:
      return park_on_timer(parent, tasks);
    case ParkedOn::kTimerAndOwnContext:
      return park_on_own_context_and_timer(with_cancel(parent), tasks);
    case ParkedOn::kOwnContext:
      return park_on_own_context(with_cancel(parent), tasks);
    case ParkedOn::kOwnTimeoutContext:
      return park_on_own_context(with_timeout(parent, std::chrono::hours(1)), tasks);
  }
  std::abort();
}

// Starts `count` of them on this worker; over when the last one has parked.
inline task<> park(ParkedOn on, std::int64_t count, ParkedTasks* tasks) {
  tasks->parked.add(count);
  tasks->finished.add(count);
  for (std::int64_t i = 0; i < count; ++i) go(start_one(on, tasks));
  co_await tasks->parked.wait(background());
}

// Over when the last one has finished.
inline task<> cancel(ParkedTasks* tasks) {
  tasks->parent.cancel();
  co_await tasks->finished.wait(background());
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_BENCHMARK_PARKED_TASKS_H_
