// Waiting for time, for a context, or for one's next turn.
#ifndef LEAKBENCH_RUNTIME_TASK_SLEEP_H_
#define LEAKBENCH_RUNTIME_TASK_SLEEP_H_

#include <coroutine>
#include <source_location>
#include <stdexcept>

#include "runtime/context/context.h"
#include "runtime/task/wait.h"
#include "runtime/task/worker.h"

namespace leakbench {

namespace internal {

class SleepAwaiter {
 public:
  SleepAwaiter(Context ctx, TimePoint deadline, std::source_location location)
      : ctx_(std::move(ctx)), deadline_(deadline), location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.park(handle, WaitReason::kTimer, location_);
    timer_.arm(deadline_);
    cancelled_.listen(ctx_);
  }
  // Time that has come counts, even if the context was cancelled since.
  Failure await_resume() const { return waiter_.winner() == kTime ? Failure() : ctx_.err(); }

 private:
  enum { kTime, kCancelled };

  const Context ctx_;
  const TimePoint deadline_;
  const std::source_location location_;
  Waiter waiter_;
  TimerEnd timer_{waiter_, kTime};
  ContextEnd cancelled_{waiter_, kCancelled};
};

class DoneAwaiter {
 public:
  DoneAwaiter(Context ctx, std::source_location location)
      : ctx_(std::move(ctx)), location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  void await_suspend(std::coroutine_handle<> handle) {
    waiter_.park(handle, WaitReason::kContext, location_);
    cancelled_.listen(ctx_);
  }
  Failure await_resume() const { return ctx_.err(); }

 private:
  const Context ctx_;
  const std::source_location location_;
  Waiter waiter_;
  ContextEnd cancelled_{waiter_, 0};
};

}  // namespace internal

// Parks the task until `deadline`, or until `ctx` is done: the result says which, empty for slept
// through, else the context's err(). A done context returns at once.
//   if (auto stopped = co_await sleep_for(ctx, 100ms)) co_return;
[[nodiscard]] inline auto sleep_until(
    Context ctx, TimePoint deadline,
    std::source_location location = std::source_location::current()) {
  return internal::SleepAwaiter(std::move(ctx), deadline, location);
}

[[nodiscard]] inline auto sleep_for(
    Context ctx, Duration duration,
    std::source_location location = std::source_location::current()) {
  Worker* worker = Worker::current();
  if (worker == nullptr) throw std::logic_error("sleep_for() outside a task");
  return internal::SleepAwaiter(std::move(ctx), saturating_add(worker->timers().now(), duration),
                                location);
}

// Parks the task until `ctx` is done, and gives its err(). Under a context that never is, that is
// for ever (Go: <-ctx.Done()).
[[nodiscard]] inline auto done(Context ctx,
                               std::source_location location = std::source_location::current()) {
  return internal::DoneAwaiter(std::move(ctx), location);
}

// Lets every task that is ready have its turn first (Go: runtime.Gosched).
[[nodiscard]] inline auto yield() {
  struct Awaiter {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) const {
      TaskRecord& record = *trampoline.current;
      record.resume_point = handle;
      record.home->make_ready(record);
    }
    void await_resume() const noexcept {}
  };
  return Awaiter{};
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_SLEEP_H_
