// Three workers tick every 500 ms under one context of 2 s. Nobody tells them one by one to stop.
#include <fmt/core.h>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;
using namespace std::chrono_literals;

task<> worker(Context ctx, int number) {
  while (true) {
    if (const Failure stopped = co_await sleep_for(ctx, 500ms)) {
      fmt::print("worker {} stopped: {}\n", number, stopped.message());
      co_return;
    }
    fmt::print("worker {} working\n", number);
  }
}

task<> run_workers() {
  auto [ctx, cancel] = with_timeout(background(), 2s);
  for (int number = 1; number <= 3; ++number) go(worker(ctx, number), "worker");
  (void)co_await sleep_for(background(), 3s);
  fmt::print("main ends\n");
}

// On a clock that stands still until it is moved, so that three seconds take no time and every run
// prints the same. On a Scheduler the machine's clock drives the same tasks.
int main() {
  TestScheduler scheduler;
  scheduler.go(run_workers(), "main");
  scheduler.advance(4s);
  return scheduler.scheduler().live_tasks() == 0 ? 0 : 1;
}
