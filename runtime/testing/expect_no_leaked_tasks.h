// A leak check for tests that run tasks, as goleak is for Go: fails the GoogleTest test that leaves
// tasks behind, and says where they were started and what they wait for, like ones together.
//
//   TEST(Server, StopsItsWorkers) {
//     Scheduler scheduler({.workers = 2});
//     const NoLeakedTasks no_leaks(scheduler);
//     ...
//   }
#ifndef LEAKBENCH_RUNTIME_TESTING_EXPECT_NO_LEAKED_TASKS_H_
#define LEAKBENCH_RUNTIME_TESTING_EXPECT_NO_LEAKED_TASKS_H_

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "runtime/task/test_scheduler.h"

namespace leakbench {

struct LeakCheckOptions {
  // Spawn sites whose tasks may live: the name given to go(), the place as "file.cc:12" with as
  // much of its path as is needed, or a part of the function's name. One that matches nothing is
  // mentioned when the check fails. std::invalid_argument if one is empty.
  std::vector<std::string> allow = {};
  // Tasks on their way out get this much real time and this many looks, whichever is over first;
  // the pauses between the looks double from 1 ms to 100 ms.
  Duration patience = std::chrono::seconds(1);
  int attempts = 20;
};

// Adds a non-fatal failure at `location` if application tasks of `scheduler` are alive and stay so.
// From outside tasks; what else starts tasks must have ended. A worker that does not answer within
// its second counts as a failure, too.
void expect_no_leaked_tasks(Scheduler& scheduler, const LeakCheckOptions& options = {},
                            std::source_location location = std::source_location::current());

// The same without waiting: lets the tasks run until all are parked, and looks once. Time stands
// still: advance() it first if the tasks may take some.
void expect_no_leaked_tasks(TestScheduler& scheduler, const LeakCheckOptions& options = {},
                            std::source_location location = std::source_location::current());

// The same at the end of a scope, for the tasks that were started in it: those that lived before
// are somebody else's. Destroy it before the scheduler, on the thread that made it.
class NoLeakedTasks {
 public:
  explicit NoLeakedTasks(Scheduler& scheduler, const LeakCheckOptions& options = {},
                         std::source_location location = std::source_location::current());
  explicit NoLeakedTasks(TestScheduler& scheduler, const LeakCheckOptions& options = {},
                         std::source_location location = std::source_location::current());
  ~NoLeakedTasks();
  NoLeakedTasks(const NoLeakedTasks&) = delete;
  NoLeakedTasks& operator=(const NoLeakedTasks&) = delete;

 private:
  std::function<void()> check_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TESTING_EXPECT_NO_LEAKED_TASKS_H_
