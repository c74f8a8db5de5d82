// How late the beats of one heartbeat came.
#ifndef LEAKBENCH_RUNTIME_CONTROL_BEATS_H_
#define LEAKBENCH_RUNTIME_CONTROL_BEATS_H_

#include <mutex>

#include "runtime/stats/histogram.h"
#include "runtime/time/clock.h"

namespace leakbench {

// A beat that comes later than one interval stands for those it held up too: they are recorded as
// the lateness they would have had (as jHiccup does), so that one long pause weighs as much as it
// would on a stream of requests. Thread-safe.
class Beats {
 public:
  static constexpr Duration kInterval = std::chrono::milliseconds(1);
  static constexpr int kPrecisionBits = 7;

  // Records the beats that were due from `intended` to `now`, and returns when the next one is.
  TimePoint record(TimePoint intended, TimePoint now);

  // In nanoseconds, since the start.
  Histogram lateness() const;

 private:
  mutable std::mutex mutex_;
  Histogram lateness_{kPrecisionBits};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_BEATS_H_
