// What expect_no_leaked_tasks() looks at and how it says it. Users include that header.
#ifndef LEAKBENCH_RUNTIME_TESTING_LEAKED_TASKS_H_
#define LEAKBENCH_RUNTIME_TESTING_LEAKED_TASKS_H_

#include <string>
#include <vector>

#include "runtime/task/scheduler.h"

namespace leakbench::internal {

// Says which tasks may live, by spawn site, and remembers what it has met.
class AllowList {
 public:
  // std::invalid_argument for an empty entry, which would allow everything.
  explicit AllowList(std::vector<std::string> entries);

  bool allows(const SiteInfo& site);
  // Entries that have matched no site so far: most likely misspelt.
  std::vector<std::string> unused() const;

 private:
  std::vector<std::string> entries_;
  std::vector<bool> used_;
};

// The live application tasks of a scheduler at one moment, but for the allowed ones. The runtime's
// own cannot leak.
struct Census {
  std::vector<TaskInfo> tasks;
  // False when the scheduler's counters tell of tasks that are not in the list, or of tasks started
  // meanwhile: one that starts another and ends could otherwise hide both.
  bool complete = false;
};
Census take_census(Scheduler& scheduler, AllowList& allowed);

// A line for the tasks of one spawn site and name that wait for the same thing at the same place:
// how many, all of that, and the age of the oldest. The largest groups first; the last line counts
// the tasks of those that are too many to name.
std::string describe_leaks(const std::vector<TaskInfo>& leaks);

}  // namespace leakbench::internal

#endif  // LEAKBENCH_RUNTIME_TESTING_LEAKED_TASKS_H_
