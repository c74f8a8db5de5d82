// Where an exception goes: to whoever awaits the task, or else into the count and the report.
#include <fmt/core.h>

#include <stdexcept>

#include "runtime/task/test_scheduler.h"

using namespace leakbench;

task<> fails() {
  throw std::runtime_error("disk full");
  co_return;
}

task<> run() {
  try {
    co_await fails();
  } catch (const std::runtime_error& error) {
    fmt::print("caught: {}\n", error.what());
  }
  go(fails(), "fails");  // nobody awaits this one
}

int main() {
  const auto report = [](const TaskInfo& info, std::exception_ptr) {
    fmt::print("task \"{}\" ended with an exception\n", info.site.name);
  };
  TestScheduler scheduler({.on_unhandled_exception = report});
  scheduler.go(run(), "main");
  scheduler.run_until_idle();
  fmt::print("unhandled: {}\n", scheduler.scheduler().unhandled_exceptions());
}
