#include "runtime/sync/channel_core.h"

#include <mutex>

namespace leakbench::internal {

ChannelWait* ChannelCore::claim_first(Side side) {
  while (ChannelWait* wait = queue(side).pop_front()) {
    if (!wait->waiter.claim(wait->end)) continue;
    --parked_;
    return wait;
  }
  return nullptr;
}

bool ChannelCore::close() {
  if (closed_) return false;
  closed_ = true;
  for (const Side side : {Side::kReceive, Side::kSend}) {
    while (ChannelWait* wait = claim_first(side)) {
      wait->closed = true;
      wait->waiter.make_ready();
    }
  }
  return true;
}

void ChannelCore::leave(ChannelWait& wait) {
  bool last = false;
  {
    // Also for one that is off the queue: a partner that popped it may be about to claim it.
    std::lock_guard guard(lock_);
    if (wait.is_linked()) wait.unlink();
    last = --parked_ == 0 && handles_.load(std::memory_order_relaxed) == 0;
  }
  if (last) delete this;
}

void ChannelCore::drop_last_handle() {
  bool last = false;
  {
    std::lock_guard guard(lock_);
    last = handles_.fetch_sub(1, std::memory_order_acq_rel) == 1 && parked_ == 0;
  }
  if (last) delete this;
}

}  // namespace leakbench::internal
