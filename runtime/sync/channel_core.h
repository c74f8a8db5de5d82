// The part of a channel that does not depend on what it carries: lock, close, and the two queues of
// parked tasks. For channel.h and select.h.
#ifndef LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_
#define LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_

#include "runtime/base/intrusive_list.h"
#include "runtime/base/spin_lock.h"
#include "runtime/task/wait.h"

namespace leakbench::internal {

struct ChannelTag;

enum class Side { kSend, kReceive };

// One task's wish to send or receive on one channel; lives in the awaiter. A parked select has one
// per case, all with the same Waiter, and the first to be claimed wins.
struct ChannelWait : ListHook<ChannelTag> {
  ChannelWait(Waiter& w, int e, void* s) : waiter(w), end(e), slot(s) {}

  Waiter& waiter;
  const int end;
  // The value to send (T*), or where to put the one received (std::optional<T>*).
  void* const slot;
  bool closed = false;  // ended by close() instead of by a partner
};

class ChannelCore {
 public:
  ChannelCore() = default;
  ChannelCore(const ChannelCore&) = delete;
  ChannelCore& operator=(const ChannelCore&) = delete;

  SpinLock& lock() { return lock_; }

  // All below: with the lock held.

  bool is_closed() const { return closed_; }

  void enqueue(Side side, ChannelWait& wait) { queue(side).push_back(wait); }

  // The longest-parked wait on `side` that nothing else has ended, claimed, or nullptr. The caller
  // moves the value and then makes its waiter ready.
  ChannelWait* claim_first(Side side);

  // Ends every wait. Returns false if the channel was closed already.
  bool close();

 private:
  IntrusiveList<ChannelWait, ChannelTag>& queue(Side side) {
    return side == Side::kSend ? senders_ : receivers_;
  }

  SpinLock lock_;
  bool closed_ = false;
  IntrusiveList<ChannelWait, ChannelTag> senders_;
  IntrusiveList<ChannelWait, ChannelTag> receivers_;
};

// The end "a channel did it". Takes its wait off the channel's queue when the awaiter goes, however
// the wait ended.
class ChannelEnd {
 public:
  ChannelEnd(Waiter& waiter, int end, void* slot) : wait_(waiter, end, slot) {}
  ~ChannelEnd() {
    // Whoever won has taken it off before it claimed.
    if (core_ != nullptr && wait_.waiter.winner() != wait_.end) leave_queue();
  }
  ChannelEnd(const ChannelEnd&) = delete;
  ChannelEnd& operator=(const ChannelEnd&) = delete;

  // With the lock of `core` held, which must outlive this.
  void enqueue(ChannelCore& core, Side side) {
    core_ = &core;
    core.enqueue(side, wait_);
  }
  bool is_closed() const { return wait_.closed; }

 private:
  void leave_queue();

  ChannelCore* core_ = nullptr;
  ChannelWait wait_;
};

}  // namespace leakbench::internal

#endif  // LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_
