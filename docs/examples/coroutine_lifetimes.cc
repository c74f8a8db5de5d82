// What a task may refer to: nothing that can be gone before it ends.
#include <fmt/core.h>

#include <string>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;
using namespace std::chrono_literals;

// By value: the text lives in the task's frame.
task<> greet_later(std::string name) {
  (void)co_await sleep_for(background(), 10ms);
  fmt::print("good day, {}\n", name);
}

task<> run() {
  {
    const std::string name = "Ada";
    go(greet_later(name), "greet");

    // A lambda's captures live in the lambda, which is gone at the end of this line. What it is
    // called with lives in the frame.
    go(
        [](std::string name) -> task<> {
          (void)co_await sleep_for(background(), 20ms);
          fmt::print("goodbye, {}\n", name);
        }(name),
        "part");
  }
  (void)co_await sleep_for(background(), 30ms);
}

int main() {
  TestScheduler scheduler;
  scheduler.go(run(), "main");
  scheduler.advance(1s);
}
