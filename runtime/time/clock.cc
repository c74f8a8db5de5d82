#include "runtime/time/clock.h"

namespace leakbench {

TimePoint saturating_add(TimePoint time, Duration duration) {
  Duration::rep sum = 0;
  if (__builtin_add_overflow(time.time_since_epoch().count(), duration.count(), &sum)) {
    return duration.count() < 0 ? TimePoint::min() : TimePoint::max();
  }
  return TimePoint(Duration(sum));
}

TimePoint SteadyClock::now() const { return std::chrono::steady_clock::now(); }

}  // namespace leakbench
