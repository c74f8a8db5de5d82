#include "runtime/sync/ticker.h"

#include <fmt/format.h>

#include <mutex>
#include <stdexcept>

#include "runtime/time/duration.h"

namespace leakbench {
namespace {

Duration checked(Duration period) {
  if (period > Duration::zero()) return period;
  throw std::invalid_argument(
      fmt::format("ticker: the period is {} ns, and must be positive", period.count()));
}

TimerQueue& checked(TimerQueue* timers) {
  if (timers == nullptr) timers = TimerQueue::current();
  if (timers == nullptr) throw std::logic_error("ticker outside a task needs a timer queue");
  return *timers;
}

}  // namespace

// Keeps itself alive while its timer is armed, or calling back on the queue's thread at this
// moment.
class ticker::State : private Timer {
 public:
  explicit State(TimerQueue& timers) : Timer(&State::on_event), timers_(timers) {}

  const channel<TimePoint>& ticks() const { return ticks_; }

  void start(Duration period, const std::shared_ptr<State>& self) {
    std::lock_guard guard(lock_);
    discard_tick();
    period_ = period;
    next_ = saturating_add(timers_.now(), period);
    running_ = true;
    if (self_ != nullptr && !TimerQueue::cancel(*this)) return;  // the call back arms it
    self_ = self;
    timers_.arm(*this, next_);
  }

  void stop() {
    std::shared_ptr<State> self;  // goes after the lock
    std::lock_guard guard(lock_);
    running_ = false;
    if (self_ != nullptr && TimerQueue::cancel(*this)) self = std::move(self_);
    discard_tick();
  }

 private:
  static void on_event(Timer& timer, Event event) {
    auto& state = static_cast<State&>(timer);
    std::shared_ptr<State> self;
    std::lock_guard guard(state.lock_);
    if (event == Event::kFired && state.running_) {
      state.tick();
    } else {
      self = std::move(state.self_);
    }
  }

  // Ticks unless a reset has put the tick off since the timer fired, and arms the next.
  void tick() {
    const TimePoint now = timers_.now();
    if (now >= next_) {
      const auto missed = (now - next_) / period_;
      next_ = saturating_add(next_ + missed * period_, period_);
      std::lock_guard guard(ticks_.state()->lock());
      TimePoint time = now;
      (void)ticks_.state()->try_send(time);  // a tick nobody has received yet stands for this one
    }
    timers_.arm(*this, next_);
  }

  void discard_tick() {
    std::lock_guard guard(ticks_.state()->lock());
    std::optional<TimePoint> tick;
    (void)ticks_.state()->try_receive(tick);
  }

  TimerQueue& timers_;
  const channel<TimePoint> ticks_{1};
  SpinLock lock_;  // guards all below, and the arming of the timer
  bool running_ = false;
  Duration period_{};
  TimePoint next_{};
  std::shared_ptr<State> self_;
};

ticker::ticker(Duration period, TimerQueue* timers)
    : state_(std::make_shared<State>(checked(timers))) {
  state_->start(checked(period), state_);
}

ticker::~ticker() { state_->stop(); }

const channel<TimePoint>& ticker::ticks() const { return state_->ticks(); }

void ticker::stop() { state_->stop(); }

void ticker::reset(Duration period) { state_->start(checked(period), state_); }

}  // namespace leakbench
