// An await that must not run unless something else holds: on a line of its own.
#include <fmt/core.h>

#include "runtime/sync/channel.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;

task<> take_at_most(channel<int> numbers, int most) {
  // Not: while (taken < most && (number = co_await numbers.receive(background())))
  for (int taken = 0; taken < most; ++taken) {
    const auto number = co_await numbers.receive(background());
    if (!number) break;
    fmt::print("took {}\n", *number.value);
  }
}

task<> run() {
  channel<int> numbers(3);
  for (int number = 1; number <= 3; ++number) (void)co_await numbers.send(background(), number);
  co_await take_at_most(numbers, 2);
  fmt::print("left {}\n", numbers.size());
}

int main() {
  TestScheduler scheduler;
  scheduler.go(run(), "main");
  scheduler.run_until_idle();
}
