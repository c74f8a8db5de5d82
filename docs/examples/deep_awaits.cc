// Tasks that await tasks, a hundred thousand deep and a million times over, on one small stack.
#include <fmt/core.h>

#include "runtime/task/scheduler.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;

task<int> depth(int left) {
  if (left == 0) co_return 0;
  co_return 1 + co_await depth(left - 1);
}

task<int> one() { co_return 1; }

task<> run() {
  fmt::print("deep: {}\n", co_await depth(100'000));
  int sum = 0;
  for (int i = 0; i < 1'000'000; ++i) sum += co_await one();
  fmt::print("in a row: {}\n", sum);
}

int main() {
  TestScheduler scheduler;
  scheduler.go(run(), "main");
  scheduler.run_until_idle();
}
