// What the registry tells: per spawn site, or task by task.
#ifndef LEAKBENCH_RUNTIME_TASK_PROFILE_H_
#define LEAKBENCH_RUNTIME_TASK_PROFILE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/task/site.h"
#include "runtime/task/task_record.h"
#include "runtime/time/clock.h"

namespace leakbench {

struct SiteInfo {
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::string function;
  TaskKind kind = TaskKind::kApplication;
};

struct SiteProfile {
  SiteInfo site;
  std::int64_t live = 0;
  std::uint64_t started = 0;
  // How many of the live ones wait for what; the rest run or are ready to. Only reasons with a
  // count, and kNone for that rest.
  std::vector<std::pair<WaitReason, std::int64_t>> waits;
};

struct TaskInfo {
  std::uint64_t id = 0;
  std::uint64_t parent_id = 0;  // 0: started from outside any task
  SiteInfo site;
  WaitReason waiting = WaitReason::kNone;
  std::string wait_file;  // empty unless it waits
  std::uint32_t wait_line = 0;
  Duration waiting_for{};
  Duration age{};
  std::uint32_t frame_bytes = 0;  // coroutine frames of the task and of all it awaits
};

SiteInfo describe(const Site& site);
SiteProfile profile_of(const Site& site);
// On the task's home worker. Ages are to the resolution of that worker's turns.
TaskInfo describe(const TaskRecord& record, TimePoint now);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_PROFILE_H_
