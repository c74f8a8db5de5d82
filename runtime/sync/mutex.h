// Go's sync.Mutex between tasks: a task that finds it locked parks, and its worker goes on.
#ifndef LEAKBENCH_RUNTIME_SYNC_MUTEX_H_
#define LEAKBENCH_RUNTIME_SYNC_MUTEX_H_

#include <coroutine>
#include <mutex>
#include <source_location>
#include <utility>

#include "runtime/base/intrusive_list.h"
#include "runtime/base/spin_lock.h"
#include "runtime/context/context.h"
#include "runtime/task/wait.h"

namespace leakbench {

class mutex;

// What lock() and try_lock() give: the mutex, until the end of the scope, or why it was not taken.
class [[nodiscard]] MutexLock {
 public:
  MutexLock(MutexLock&& other) noexcept
      : mutex_(std::exchange(other.mutex_, nullptr)), failure_(std::move(other.failure_)) {}
  MutexLock& operator=(MutexLock&& other) noexcept;
  ~MutexLock();

  // Whether it holds the mutex.
  explicit operator bool() const { return mutex_ != nullptr; }
  // The context's err() if that ended the wait; empty when the mutex was taken, and after a
  // try_lock().
  const Failure& failure() const { return failure_; }

  // Unlocks before the scope ends. std::logic_error when it does not hold the mutex.
  void unlock();
  // Gives up the scope: the mutex stays locked until somebody calls mutex::unlock_released().
  void release() && { mutex_ = nullptr; }

 private:
  friend class mutex;
  MutexLock(mutex* held, Failure failure) : mutex_(held), failure_(std::move(failure)) {}

  mutex* mutex_;
  Failure failure_;
};

// Safe from any thread; must outlive the tasks that wait for it. An unlock hands it to the task
// that has waited longest, so that none starves; nobody who comes later gets in between. It belongs
// to no task: any may unlock it. Whoever locks it twice waits for itself.
//   const auto lock = co_await m.lock();  // until the end of the scope
// It is no mutex of the standard library's kind: std::lock_guard would not wait for it.
class mutex {
 public:
  mutex() = default;
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  class Awaiter;
  // Awaited, parks until the mutex is the caller's, or `ctx` is done. A done context ends it before
  // it starts, even if the mutex is free; once handed over the mutex counts, even if the context
  // was cancelled since.
  [[nodiscard]] Awaiter lock(Context ctx = background(),
                             std::source_location location = std::source_location::current());

  // Takes it if it is free at this moment; never parks.
  MutexLock try_lock();

  // For what MutexLock::release() let go. std::logic_error when it is not locked (Go: fatal error).
  void unlock_released();

 private:
  struct WaitTag;
  struct Wait : ListHook<WaitTag> {
    explicit Wait(Waiter& w) : waiter(w) {}
    Waiter& waiter;
  };

  // True if it was free.
  bool take() {
    const std::lock_guard guard(lock_);
    return !std::exchange(locked_, true);
  }
  // With lock_ held and the mutex locked: to the next in the queue, or free.
  void hand_over();

  SpinLock lock_;
  bool locked_ = false;  // stays true from hand to hand
  IntrusiveList<Wait, WaitTag> waits_;
};

class mutex::Awaiter {
 public:
  Awaiter(mutex& m, Context ctx, std::source_location location)
      : mutex_(m), ctx_(std::move(ctx)), location_(location) {}
  ~Awaiter() {
    if (!given_on_) abandon();
  }

  bool await_ready() {
    if (ctx_.is_done()) return true;
    taken_ = mutex_.take();
    return taken_;
  }
  bool await_suspend(std::coroutine_handle<> handle);
  MutexLock await_resume();

 private:
  friend class mutex;
  enum { kHandedOver, kCancelled };

  void abandon();

  mutex& mutex_;
  const Context ctx_;
  const std::source_location location_;
  bool taken_ = false;     // without waiting
  bool given_on_ = false;  // to the caller's MutexLock
  Waiter waiter_;
  Wait wait_{waiter_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_MUTEX_H_
