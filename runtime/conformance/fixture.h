// What the tests of Go's context rules share. Rules without a test here are void in C++:
// docs/context.md has their numbers, and says why and what stands in their place.
#ifndef LEAKBENCH_RUNTIME_CONFORMANCE_FIXTURE_H_
#define LEAKBENCH_RUNTIME_CONFORMANCE_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/task/after_func.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {

inline constexpr ContextKey<int> kNumber{"number"};

// A scheduler on a clock that stands still, whose timers serve the test's own thread too.
class ContextConformance : public testing::Test {
 protected:
  // Lets `duration` go by, and every timer that is due by then fire.
  void pass(Duration duration) { scheduler_.advance(duration + TimerQueue::kTick); }

  StopFunc after(const Context& ctx, std::function<void()> function) {
    return after_func(ctx, std::move(function), &scheduler_.worker());
  }

  // Starts a task that waits for `ctx`; what it gets is in `heard` once it went on.
  void await_done(const Context& ctx, std::optional<Failure>* heard) {
    scheduler_.go(hear(ctx, heard));
    scheduler_.run_until_idle();
  }

  TimePoint now() { return scheduler_.clock().now(); }

  TestScheduler scheduler_;
  TimerQueue::Binding binding_{scheduler_.timers()};

 private:
  static task<> hear(Context ctx, std::optional<Failure>* heard) { *heard = co_await done(ctx); }
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONFORMANCE_FIXTURE_H_
