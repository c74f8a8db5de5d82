// Timers on a clock: a wheel, a lock, and the wake-up of whoever sleeps until the next one.
#ifndef LEAKBENCH_RUNTIME_TIME_TIMER_QUEUE_H_
#define LEAKBENCH_RUNTIME_TIME_TIMER_QUEUE_H_

#include <functional>
#include <optional>

#include "runtime/base/spin_lock.h"
#include "runtime/time/clock.h"
#include "runtime/time/timer_wheel.h"

namespace leakbench {

class TimerQueue;

// One pending wake-up, embedded in whatever waits. It must stay in place from arm() until cancel()
// returns true or its callback has been called.
class Timer : private WheelEntry {
 public:
  enum class Event {
    kFired,      // the time has come
    kAbandoned,  // the queue is destroyed before it came
  };
  // Called once per arming that is not cancelled, with no lock held.
  using Callback = void (*)(Timer&, Event);

  explicit Timer(Callback callback) : callback_(callback) {}

 private:
  friend class TimerQueue;

  Callback callback_;
  TimerQueue* queue_ = nullptr;
};

// One thread runs the expired timers (a worker, or a test with a ManualClock); any thread may arm
// and cancel. Timers fire up to kTick late and never early.
class TimerQueue {
 public:
  static constexpr Duration kTick = std::chrono::nanoseconds(1 << 16);  // 65.5 us

  // `on_earlier` is called, with no lock held, when a timer becomes the new earliest: the thread
  // that sleeps until the old earliest must wake. The clock must outlive the queue.
  explicit TimerQueue(const Clock& clock, std::function<void()> on_earlier = {});
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  TimePoint now() const { return clock_.now(); }

  void arm(Timer& timer, TimePoint deadline);

  // True if the timer was pending: its callback will not be called. False if it was never armed,
  // has fired, or is firing at this moment on the thread that runs the queue.
  static bool cancel(Timer& timer);

  // Calls back every timer that is due; returns how many.
  std::size_t run_expired();

  // When run_expired() must be called next; nullopt when nothing is armed.
  std::optional<TimePoint> next_deadline();

  // The queue of the worker this thread is, or the one bound by a Binding; nullptr elsewhere.
  static TimerQueue* current();

  // Makes a queue this thread's current one for as long as the binding lives.
  class Binding {
   public:
    explicit Binding(TimerQueue& queue);
    ~Binding();
    Binding(const Binding&) = delete;
    Binding& operator=(const Binding&) = delete;

   private:
    TimerQueue* previous_;
  };

 private:
  std::uint64_t tick_of(TimePoint time) const;

  const Clock& clock_;
  const std::function<void()> on_earlier_;
  const TimePoint epoch_;
  SpinLock lock_;  // guards the wheel and every linked timer
  TimerWheel wheel_;
  std::uint64_t earliest_tick_ = ~std::uint64_t{0};  // what the runner was last told to wait for
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TIME_TIMER_QUEUE_H_
