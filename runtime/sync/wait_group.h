// Go's sync.WaitGroup: waits until a number of tasks have said that they are done.
#ifndef LEAKBENCH_RUNTIME_SYNC_WAIT_GROUP_H_
#define LEAKBENCH_RUNTIME_SYNC_WAIT_GROUP_H_

#include <coroutine>
#include <cstdint>
#include <source_location>

#include "runtime/base/intrusive_list.h"
#include "runtime/base/spin_lock.h"
#include "runtime/context/context.h"
#include "runtime/task/task.h"
#include "runtime/task/wait.h"

namespace leakbench {

// Safe from any thread. Must outlive the tasks that add to it and wait on it.
class wait_group {
 public:
  wait_group() = default;
  wait_group(const wait_group&) = delete;
  wait_group& operator=(const wait_group&) = delete;

  // Before the tasks counted are started. std::logic_error if the count would fall below zero.
  void add(std::int64_t delta = 1);
  void done() { add(-1); }

  class Awaiter;
  // Starts `work` as a task that counts until it ends, however it ends (Go: WaitGroup.Go). As go():
  // in a task only.
  void go(task<> work, const char* name = "",
          std::source_location location = std::source_location::current());

  // Awaited, parks until the count is zero, or `ctx` is done: the result says which, empty for
  // zero. A done context ends it before it starts, even if the count is zero.
  [[nodiscard]] Awaiter wait(Context ctx,
                             std::source_location location = std::source_location::current());

 private:
  static task<> count_while(wait_group* group, task<> work);

  struct WaitTag;
  struct Wait : ListHook<WaitTag> {
    explicit Wait(Waiter& w) : waiter(w) {}
    Waiter& waiter;
  };

  SpinLock lock_;
  std::int64_t count_ = 0;
  IntrusiveList<Wait, WaitTag> waits_;
};

// Calls done() where its scope ends, also with an exception, for which the waiter would wait for
// ever otherwise.
class DoneAtEnd {
 public:
  explicit DoneAtEnd(wait_group& group) : group_(group) {}
  ~DoneAtEnd() { group_.done(); }
  DoneAtEnd(const DoneAtEnd&) = delete;
  DoneAtEnd& operator=(const DoneAtEnd&) = delete;

 private:
  wait_group& group_;
};

class wait_group::Awaiter {
 public:
  Awaiter(wait_group& group, Context ctx, std::source_location location)
      : group_(group), ctx_(std::move(ctx)), location_(location) {}
  ~Awaiter();

  bool await_ready() const { return ctx_.is_done(); }
  bool await_suspend(std::coroutine_handle<> handle);
  Failure await_resume() const {
    return zero_ || waiter_.winner() == kZero ? Failure() : ctx_.err();
  }

 private:
  friend class wait_group;
  enum { kZero, kCancelled };

  wait_group& group_;
  const Context ctx_;
  const std::source_location location_;
  bool zero_ = false;
  Waiter waiter_;
  Wait wait_{waiter_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_WAIT_GROUP_H_
