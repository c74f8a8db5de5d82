#include "runtime/sync/channel_core.h"

#include <mutex>

namespace leakbench::internal {

ChannelWait* ChannelCore::claim_first(Side side) {
  while (ChannelWait* wait = queue(side).pop_front()) {
    if (wait->waiter.claim(wait->end)) return wait;
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

void ChannelEnd::leave_queue() {
  // Under the lock even if it is off the queue: a partner that popped it may be about to claim it.
  std::lock_guard guard(core_->lock());
  if (wait_.is_linked()) wait_.unlink();
}

}  // namespace leakbench::internal
