#include "runtime/time/timer_queue.h"

#include <mutex>
#include <utility>

namespace leakbench {
namespace {

thread_local TimerQueue* current_queue = nullptr;

}  // namespace

TimerQueue::TimerQueue(const Clock& clock, std::function<void()> on_earlier)
    : clock_(clock), on_earlier_(std::move(on_earlier)), epoch_(clock.now()) {}

TimerQueue::~TimerQueue() {
  // The horizon of ticks: everything still armed becomes due, and is told that nobody will wait.
  wheel_.advance(~std::uint64_t{0});
  while (WheelEntry* entry = wheel_.due().pop_front()) {
    auto& timer = static_cast<Timer&>(*entry);
    timer.queue_ = nullptr;  // a later cancel() must not look for the queue
    timer.callback_(timer, Timer::Event::kAbandoned);
  }
}

std::uint64_t TimerQueue::tick_of(TimePoint time) const {
  if (time <= epoch_) return 0;
  return static_cast<std::uint64_t>((time - epoch_) / kTick);
}

void TimerQueue::arm(Timer& timer, TimePoint deadline) {
  // The first tick that begins no earlier than the deadline.
  const std::uint64_t tick = tick_of(saturating_add(deadline, kTick - Duration(1)));
  bool earlier = false;
  {
    std::lock_guard guard(lock_);
    timer.queue_ = this;
    wheel_.insert(timer, tick);
    if (tick < earliest_tick_) {
      earliest_tick_ = tick;
      earlier = true;
    }
  }
  if (earlier && on_earlier_) on_earlier_();
}

bool TimerQueue::cancel(Timer& timer) {
  TimerQueue* queue = timer.queue_;
  if (queue == nullptr) return false;
  std::lock_guard guard(queue->lock_);
  if (!timer.is_linked()) return false;
  queue->wheel_.remove(timer);
  return true;
}

std::size_t TimerQueue::run_expired() {
  std::size_t fired = 0;
  const std::uint64_t now = tick_of(clock_.now());
  std::unique_lock guard(lock_);
  if (now > wheel_.now()) wheel_.advance(now);
  while (WheelEntry* entry = wheel_.due().pop_front()) {
    guard.unlock();
    auto& timer = static_cast<Timer&>(*entry);
    timer.callback_(timer, Timer::Event::kFired);  // may end the timer's life
    ++fired;
    guard.lock();
  }
  return fired;
}

std::optional<TimePoint> TimerQueue::next_deadline() {
  std::lock_guard guard(lock_);
  if (!wheel_.due().empty()) return clock_.now();
  const auto tick = wheel_.next_tick();
  earliest_tick_ = tick.value_or(~std::uint64_t{0});
  if (!tick) return std::nullopt;
  constexpr auto kLastTick = static_cast<std::uint64_t>(Duration::max() / kTick);
  if (*tick >= kLastTick) return TimePoint::max();
  return saturating_add(epoch_, kTick * static_cast<Duration::rep>(*tick));
}

TimerQueue* TimerQueue::current() { return current_queue; }

TimerQueue::Binding::Binding(TimerQueue& queue) : previous_(std::exchange(current_queue, &queue)) {}

TimerQueue::Binding::~Binding() { current_queue = previous_; }

}  // namespace leakbench
