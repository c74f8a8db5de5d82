// The clock seam for a thread that wakes at a set time, so that its test needs no sleep.
#ifndef LEAKBENCH_HARNESS_RUN_WAITING_CLOCK_H_
#define LEAKBENCH_HARNESS_RUN_WAITING_CLOCK_H_

#include <stop_token>

#include "runtime/time/clock.h"

namespace leakbench {

class WaitingClock : public Clock {
 public:
  // Returns true once `time` has come, and false as soon as `stop` is requested before. Safe from
  // any thread.
  virtual bool wait_until(TimePoint time, std::stop_token stop) const = 0;
};

// The machine's monotonic clock.
class SteadyWaitingClock final : public WaitingClock {
 public:
  TimePoint now() const override { return SteadyClock().now(); }
  bool wait_until(TimePoint time, std::stop_token stop) const override;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_WAITING_CLOCK_H_
