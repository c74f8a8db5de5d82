#include "runtime/task/poller.h"

namespace leakbench {

void IdlePoller::wait(std::optional<Duration> timeout) {
  std::unique_lock guard(mutex_);
  if (!timeout) {
    changed_.wait(guard, [this] { return woken_; });
  } else if (*timeout > Duration::zero()) {
    changed_.wait_for(guard, *timeout, [this] { return woken_; });
  }
  woken_ = false;
}

void IdlePoller::wake() {
  {
    std::lock_guard guard(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

}  // namespace leakbench
