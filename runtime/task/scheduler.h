// The workers and what they share: the goroutine scheduler of this runtime.
#ifndef LEAKBENCH_RUNTIME_TASK_SCHEDULER_H_
#define LEAKBENCH_RUNTIME_TASK_SCHEDULER_H_

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <source_location>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <variant>
#include <vector>

#include "runtime/task/profile.h"
#include "runtime/task/site.h"
#include "runtime/task/task.h"
#include "runtime/task/worker.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Thread-safe but for construction and destruction. The destructor ends the loops and destroys
// every task that is left, wherever it is parked; what tasks refer to must outlive the scheduler.
class Scheduler {
 public:
  struct Options {
    std::size_t workers = 1;
    // Must outlive the scheduler; nullptr: the machine's monotonic clock.
    const Clock* clock = nullptr;
    // One poller per worker; empty: IdlePoller.
    std::function<std::unique_ptr<Poller>()> make_poller = {};
    // False: no threads; the owner calls turn() (tests on a ManualClock).
    bool threads = true;
    // Called on the worker's thread when a detached task ends with an exception; empty: one line on
    // stderr with the place it was started at. Either way the process goes on, and counts it.
    std::function<void(const TaskInfo&, std::exception_ptr)> on_unhandled_exception = {};
  };

  explicit Scheduler(Options options);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Starts a detached task: on the calling worker if it is one of ours, else on each in turn.
  // `name` must have static storage; it names the site in profiles.
  void go(task<> work, const char* name = "",
          std::source_location location = std::source_location::current()) {
    start(std::move(work), name, TaskKind::kApplication, location);
  }
  void start(task<> work, const char* name, TaskKind kind, const std::source_location& location);

  // Runs `work` as a task and waits for it; rethrows what it throws. std::logic_error in a task.
  template <typename T>
  T run(task<T> work, const char* name = "main",
        std::source_location location = std::source_location::current());

  std::size_t worker_count() const { return workers_.size(); }
  Worker& worker(std::size_t index) { return *workers_[index]; }
  SiteTable& sites() { return sites_; }
  std::size_t foreign_shard() const { return workers_.size(); }
  const Clock& clock() const { return clock_; }

  // Live application tasks, now; costs nothing that grows with their number.
  std::int64_t live_tasks();
  // Every site with its counts; costs nothing that grows with the tasks.
  std::vector<SiteProfile> profile();
  // Up to `limit` live tasks one by one, collected by the workers between turns; waits for that up
  // to a second, and then leaves out the workers that have not answered. From outside tasks only.
  std::vector<TaskInfo> list_tasks(std::size_t limit);

  std::uint64_t unhandled_exceptions() const { return unhandled_.load(std::memory_order_relaxed); }
  void report_unhandled(const TaskRecord& record, std::exception_ptr failure);

  // Without threads: one turn of each worker; false when none had anything to do.
  bool turn();

 private:
  const Options options_;
  SteadyClock steady_clock_;
  const Clock& clock_;
  SiteTable sites_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_worker_{0};
  std::atomic<std::uint64_t> unhandled_{0};
};

// Starts a detached task on the calling worker's scheduler: Go's `go` statement. It goes into the
// registry under the place of the call. std::logic_error outside a task.
void go(task<> work, const char* name = "",
        std::source_location location = std::source_location::current());

namespace internal {

// Where run() waits: a result or an exception, and a flag under a lock.
template <typename T>
struct RunState {
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  std::mutex mutex;
  std::condition_variable changed;
  bool finished = false;
  std::exception_ptr failure;
  std::optional<Value> value;
};

template <typename T>
task<> run_and_tell(task<T> work, RunState<T>* state) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      state->value.emplace();
    } else {
      state->value.emplace(co_await std::move(work));
    }
  } catch (...) {
    state->failure = std::current_exception();
  }
  // Notified under the lock: the waiter owns the state and destroys it once it gets the lock.
  std::lock_guard guard(state->mutex);
  state->finished = true;
  state->changed.notify_one();
}

}  // namespace internal

template <typename T>
T Scheduler::run(task<T> work, const char* name, std::source_location location) {
  if (Worker::current() != nullptr) {
    throw std::logic_error(
        "Scheduler::run() inside a task would wait for itself: co_await the task");
  }
  internal::RunState<T> state;
  start(internal::run_and_tell(std::move(work), &state), name, TaskKind::kSystem, location);
  {
    std::unique_lock guard(state.mutex);
    state.changed.wait(guard, [&] { return state.finished; });
  }
  if (state.failure) std::rethrow_exception(state.failure);
  if constexpr (!std::is_void_v<T>) return std::move(*state.value);
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_SCHEDULER_H_
