#include "runtime/sync/wait_group.h"

#include <mutex>
#include <stdexcept>
#include <utility>

#include "runtime/task/scheduler.h"

namespace leakbench {

void wait_group::add(std::int64_t delta) {
  std::lock_guard guard(lock_);
  if (count_ + delta < 0) throw std::logic_error("wait_group: negative count");
  count_ += delta;
  if (count_ > 0) return;
  while (Wait* wait = waits_.pop_front()) {
    if (wait->waiter.claim(Awaiter::kZero)) wait->waiter.make_ready();
  }
}

void wait_group::go(task<> work, const char* name, std::source_location location) {
  add(1);
  leakbench::go(count_while(this, std::move(work)), name, location);
}

task<> wait_group::count_while(wait_group* group, task<> work) {
  const DoneAtEnd done(*group);
  co_await std::move(work);
}

wait_group::Awaiter wait_group::wait(Context ctx, std::source_location location) {
  return Awaiter(*this, std::move(ctx), location);
}

bool wait_group::Awaiter::await_suspend(std::coroutine_handle<> handle) {
  {
    std::lock_guard guard(group_.lock_);
    zero_ = group_.count_ == 0;
    if (zero_) return false;
    waiter_.park(handle, WaitReason::kWaitGroup, location_);
    group_.waits_.push_back(wait_);
  }
  cancelled_.listen(ctx_);
  return true;
}

wait_group::Awaiter::~Awaiter() {
  // Always under the lock: whoever popped this wait may still be about to claim it.
  std::lock_guard guard(group_.lock_);
  if (wait_.is_linked()) wait_.unlink();
}

}  // namespace leakbench
