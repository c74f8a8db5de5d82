#include "runtime/sync/mutex.h"

#include <stdexcept>

namespace leakbench {

MutexLock& MutexLock::operator=(MutexLock&& other) noexcept {
  MutexLock taken(std::move(other));
  std::swap(mutex_, taken.mutex_);
  std::swap(failure_, taken.failure_);
  return *this;
}

MutexLock::~MutexLock() {
  if (mutex_ != nullptr) mutex_->unlock_released();
}

void MutexLock::unlock() {
  if (mutex_ == nullptr) throw std::logic_error("MutexLock: unlock of a mutex it does not hold");
  std::exchange(mutex_, nullptr)->unlock_released();
}

mutex::Awaiter mutex::lock(Context ctx, std::source_location location) {
  return Awaiter(*this, std::move(ctx), location);
}

MutexLock mutex::try_lock() { return MutexLock(take() ? this : nullptr, {}); }

void mutex::unlock_released() {
  std::lock_guard guard(lock_);
  if (!locked_) throw std::logic_error("mutex: unlock of an unlocked mutex");
  hand_over();
}

void mutex::hand_over() {
  while (Wait* wait = waits_.pop_front()) {
    if (!wait->waiter.claim(Awaiter::kHandedOver)) continue;
    wait->waiter.make_ready();
    return;
  }
  locked_ = false;
}

bool mutex::Awaiter::await_suspend(std::coroutine_handle<> handle) {
  {
    std::lock_guard guard(mutex_.lock_);
    taken_ = !std::exchange(mutex_.locked_, true);
    if (taken_) return false;
    waiter_.park(handle, WaitReason::kMutex, location_);
    mutex_.waits_.push_back(wait_);
  }
  cancelled_.listen(ctx_);
  return true;
}

MutexLock mutex::Awaiter::await_resume() {
  given_on_ = taken_ || waiter_.winner() == kHandedOver;
  if (given_on_) return MutexLock(&mutex_, {});
  return MutexLock(nullptr, ctx_.err());
}

void mutex::Awaiter::abandon() {
  // Under the lock: whoever popped this wait may still be about to claim it.
  std::lock_guard guard(mutex_.lock_);
  if (wait_.is_linked()) wait_.unlink();
  // The task is destroyed between the hand-over and its turn: the others must not wait for it.
  if (waiter_.winner() == kHandedOver && !given_on_) mutex_.hand_over();
}

}  // namespace leakbench
