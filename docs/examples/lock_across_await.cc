// A lock that is held over an await: the runtime's mutex, never one that blocks the thread.
#include <fmt/core.h>

#include "runtime/sync/mutex.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;
using namespace std::chrono_literals;

task<> write_page(mutex* printer, int page) {
  const auto lock = co_await printer->lock();
  fmt::print("page {} begins\n", page);
  (void)co_await sleep_for(background(), 10ms);
  fmt::print("page {} ends\n", page);
}

int main() {
  mutex printer;
  TestScheduler scheduler;  // goes first, and with it the tasks that refer to the mutex
  for (int page = 1; page <= 2; ++page) scheduler.go(write_page(&printer, page), "write_page");
  scheduler.advance(1s);
}
