// From the last response to the end of the round: how the live tasks went, by looking and not by
// waiting a guess.
#ifndef LEAKBENCH_HARNESS_RUN_DRAIN_H_
#define LEAKBENCH_HARNESS_RUN_DRAIN_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "harness/probe/metrics_source.h"
#include "runtime/time/clock.h"

namespace leakbench {

struct DrainPlan {
  std::int64_t baseline = 0;  // live tasks of the idle server
  Duration linger_after{};    // what lives this long after the last response has outlived it
  Duration limit{};           // the end of the settle window
};

struct DrainLook {
  MetricsReading reading;
  TimePoint at{};  // when it was there
};

struct DrainResult {
  std::optional<bool> drained;         // nullopt: the counts could not be read
  std::optional<Duration> drain_time;  // from the last response to the first reading at baseline
  // nullopt: not read, or so late that what was there at the check may have ended since
  std::optional<std::int64_t> live_at_linger_check;
};

// What the drain needs of the world, so that its test needs no time.
struct DrainWorld {
  std::function<MetricsReading()> read;
  std::function<TimePoint()> now;
  std::function<bool(Duration)> sleep;  // false: stop now
};

// Polls until nothing is in flight and the live tasks are back at the baseline in three readings
// running, or the limit has passed since `last_response`; half of it again is given to tasks that
// are still ending then, on a server that has more to do than its core can. `first` is one of the
// readings that was made before the call. The pauses between readings double from 1 ms to 50 ms,
// and are four times what a reading took where that is longer, up to 1 s. Returns early only when
// told to stop.
DrainResult wait_for_drain(const DrainPlan& plan, TimePoint last_response, const DrainWorld& world,
                           const std::optional<DrainLook>& first);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_DRAIN_H_
