// For stress tests: waits outside any task until a group's tasks are done.
#ifndef LEAKBENCH_RUNTIME_SYNC_WAIT_FOR_H_
#define LEAKBENCH_RUNTIME_SYNC_WAIT_FOR_H_

#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

inline void wait_for(Scheduler& scheduler, wait_group& group) {
  scheduler.run(
      [](wait_group* group) -> task<> { (void)co_await group->wait(background()); }(&group));
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_WAIT_FOR_H_
