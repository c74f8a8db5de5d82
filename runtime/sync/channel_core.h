// The part of a channel that does not depend on what it carries: lock, close, and the two queues of
// parked tasks. For channel.h and select.h.
#ifndef LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_
#define LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_

#include <atomic>
#include <cstddef>

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

// Lives as long as it has a handle or a task is parked on it. Those who park are counted under the
// lock that they hold anyway, so that an operation costs no reference of its own.
class ChannelCore {
 public:
  ChannelCore() = default;
  ChannelCore(const ChannelCore&) = delete;
  ChannelCore& operator=(const ChannelCore&) = delete;

  friend void intrusive_ptr_add_ref(ChannelCore* core) {
    core->handles_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(ChannelCore* core) {
    std::size_t handles = core->handles_.load(std::memory_order_relaxed);
    while (handles > 1) {
      if (core->handles_.compare_exchange_weak(handles, handles - 1, std::memory_order_release,
                                               std::memory_order_relaxed)) {
        return;
      }
    }
    core->drop_last_handle();
  }

  SpinLock& lock() { return lock_; }

  // Takes a wait that was not claimed off its queue. The core may be gone afterwards.
  void leave(ChannelWait& wait);

  // All below: with the lock held.

  bool is_closed() const { return closed_; }

  void enqueue(Side side, ChannelWait& wait) {
    ++parked_;
    queue(side).push_back(wait);
  }

  // The longest-parked wait on `side` that nothing else has ended, claimed, or nullptr. The caller
  // moves the value and then makes its waiter ready.
  ChannelWait* claim_first(Side side);

  // Ends every wait. Returns false if the channel was closed already.
  bool close();

 protected:
  virtual ~ChannelCore() = default;

 private:
  void drop_last_handle();

  IntrusiveList<ChannelWait, ChannelTag>& queue(Side side) {
    return side == Side::kSend ? senders_ : receivers_;
  }

  std::atomic<std::size_t> handles_{0};  // the last one goes under the lock
  SpinLock lock_;
  bool closed_ = false;
  std::size_t parked_ = 0;  // waits that are neither claimed nor gone
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
    if (core_ != nullptr && wait_.waiter.winner() != wait_.end) core_->leave(wait_);
  }
  ChannelEnd(const ChannelEnd&) = delete;
  ChannelEnd& operator=(const ChannelEnd&) = delete;

  // With the lock of `core` held, which lives on until the wait is over.
  void enqueue(ChannelCore& core, Side side) {
    core_ = &core;
    core.enqueue(side, wait_);
  }
  bool is_closed() const { return wait_.closed; }

 private:
  ChannelCore* core_ = nullptr;
  ChannelWait wait_;
};

}  // namespace leakbench::internal

#endif  // LEAKBENCH_RUNTIME_SYNC_CHANNEL_CORE_H_
