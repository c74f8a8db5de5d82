// The building blocks of every wait point: who waits, what may end the wait, and that exactly one
// of several ends wins. Used by sleep, channels, select, mutexes, wait groups and I/O.
#ifndef LEAKBENCH_RUNTIME_TASK_WAIT_H_
#define LEAKBENCH_RUNTIME_TASK_WAIT_H_

#include <atomic>
#include <coroutine>
#include <source_location>

#include "runtime/context/context.h"
#include "runtime/task/task_record.h"
#include "runtime/task/wait_reason.h"
#include "runtime/time/timer_queue.h"

namespace leakbench {

// One parking of one task; lives in the awaiter, in the task's frame.
//
// Protocol: park() first, then register with whatever may end the wait. Each end calls claim(), and
// the one that wins may write what it delivers into the frame and must call make_ready(). A wait
// that ends while it is still being registered is fine: the task resumes on its own worker only,
// so not before its turn is over.
class Waiter {
 public:
  static constexpr int kNobody = -1;

  Waiter() = default;
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  // Records what the running task waits for and where it goes on.
  void park(std::coroutine_handle<> resume_point, WaitReason reason,
            const std::source_location& location);

  // True for the first caller; `end` (0 or more) is then what winner() says.
  bool claim(int end) {
    int nobody = kNobody;
    return winner_.compare_exchange_strong(nobody, end, std::memory_order_acq_rel);
  }
  int winner() const { return winner_.load(std::memory_order_acquire); }

  void make_ready();

 private:
  TaskRecord* record_ = nullptr;
  std::atomic<int> winner_{kNobody};
};

// The end "the context is done". Stops listening when destroyed.
class ContextEnd : private CancelListener {
 public:
  ContextEnd(Waiter& waiter, int end)
      : CancelListener(&ContextEnd::on_cancel), waiter_(waiter), end_(end) {}
  ~ContextEnd() {
    if (canceller_ != nullptr) canceller_->stop_listening(*this);
  }

  // `ctx` must live at least as long as this object.
  void listen(const Context& ctx) {
    CancelNode* canceller = ctx.canceller();
    if (canceller == nullptr) return;
    if (canceller->listen(*this)) {
      canceller_ = canceller;
    } else {
      on_cancel(*this);
    }
  }

 private:
  static void on_cancel(CancelListener& listener);

  Waiter& waiter_;
  const int end_;
  CancelNode* canceller_ = nullptr;
};

// The end "the time has come". Stops its timer when destroyed.
class TimerEnd : private Timer {
 public:
  TimerEnd(Waiter& waiter, int end) : Timer(&TimerEnd::on_event), waiter_(waiter), end_(end) {}
  ~TimerEnd() { TimerQueue::cancel(*this); }

  // On the running worker's timers, which fire on the same thread as the task resumes: a timer that
  // is firing can't meet its destruction.
  void arm(TimePoint deadline);

 private:
  static void on_event(Timer& timer, Event event);

  Waiter& waiter_;
  const int end_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_WAIT_H_
