// What the registry knows of one task. It lies in the frame of the coroutine that go() was given
// and goes with it. Every change on the task's home worker (a task stays on the worker it was
// started on).
#ifndef LEAKBENCH_RUNTIME_TASK_TASK_RECORD_H_
#define LEAKBENCH_RUNTIME_TASK_TASK_RECORD_H_

#include <coroutine>
#include <cstdint>
#include <source_location>

#include "runtime/base/intrusive_list.h"
#include "runtime/task/site.h"
#include "runtime/time/clock.h"

namespace leakbench {

class Worker;
struct RegistryTag;

struct TaskRecord : ListHook<RegistryTag> {
  TaskRecord* next_ready = nullptr;  // link in a run queue or an inbox
  Worker* home = nullptr;
  std::coroutine_handle<> root;          // owns the frames
  std::coroutine_handle<> resume_point;  // where the next turn goes on
  SiteShard* shard = nullptr;            // its home's share of its site's counters
  std::uint64_t id = 0;
  std::uint64_t parent_id = 0;  // 0: started from outside any task
  TimePoint born{};
  TimePoint waiting_since{};
  std::source_location wait_location;
  std::uint32_t frame_bytes = 0;
  WaitReason waiting = WaitReason::kNone;
};

// The running task's side of the worker, where awaiters reach it without knowing the worker.
struct Trampoline {
  TaskRecord* current = nullptr;      // the task whose turn it is
  std::coroutine_handle<> next;       // what the worker resumes next in this turn
  std::uint32_t new_frame_bytes = 0;  // of the frame allocated last, until its promise takes it
  bool root_finished = false;
};

inline thread_local constinit Trampoline trampoline;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_TASK_RECORD_H_
