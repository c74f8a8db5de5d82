// The pauses of one stretch of time, from two looks at a histogram that never starts again.
#ifndef LEAKBENCH_HARNESS_PROBE_PAUSE_WINDOW_H_
#define LEAKBENCH_HARNESS_PROBE_PAUSE_WINDOW_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/probe/metrics_source.h"

namespace leakbench {

class PauseWindow {
 public:
  // nullopt when the two are not of one server in this order: a count that went down.
  static std::optional<PauseWindow> between(const PauseSnapshot& before,
                                            const PauseSnapshot& after);

  // Heartbeats in the window.
  std::int64_t count() const { return count_; }

  // The bound of the bucket that holds the smallest pause no shorter than `percent` percent (0 to
  // 100) of all, so at most one bucket's width too long. nullopt without heartbeats.
  std::optional<std::int64_t> percentile_ns(double percent) const;

  // The longest pause, or the nearest bound above it. nullopt without heartbeats.
  std::optional<std::int64_t> max_ns() const;

 private:
  std::vector<PauseBucket> buckets_;  // those with heartbeats in the window, ascending
  std::int64_t count_ = 0;
  std::int64_t max_ns_ = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PAUSE_WINDOW_H_
