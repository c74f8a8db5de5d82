// Go's time.Ticker: a tick every period, received like any other channel's value.
#ifndef LEAKBENCH_RUNTIME_SYNC_TICKER_H_
#define LEAKBENCH_RUNTIME_SYNC_TICKER_H_

#include <memory>

#include "runtime/sync/channel.h"
#include "runtime/time/timer_queue.h"

namespace leakbench {

// Ticks until it is stopped or destroyed. Safe from any thread.
//   ticker every_second(1s);
//   while (co_await every_second.ticks().receive(ctx)) collect();
// In a select: on_receive(every_second.ticks(), tick).
class ticker {
 public:
  // The first tick comes one period from now. std::invalid_argument unless `period` is positive.
  // The timer runs on `timers`, by default the calling worker's; elsewhere one must be given
  // (std::logic_error). When that queue goes first, no more ticks come.
  explicit ticker(Duration period, TimerQueue* timers = nullptr);
  ~ticker();
  ticker(const ticker&) = delete;
  ticker& operator=(const ticker&) = delete;

  // Carries the time of each tick, and holds one: a reader that is late finds that one, and the
  // ticks that came since are dropped. Never closed, also not by stop() (Go: Ticker.C). Nobody else
  // may send on it or close it.
  const channel<TimePoint>& ticks() const;

  // No tick is received after this returns, also none that was waiting to be (Go 1.23). reset()
  // starts it again.
  void stop();

  // Stops it, and starts it with another period from now on. std::invalid_argument unless `period`
  // is positive. The timer queue must still be there.
  void reset(Duration period);

 private:
  class State;
  const std::shared_ptr<State> state_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_TICKER_H_
