// Times of requests, or of attempts to connect, each outcome's in a histogram of its own: a refusal
// is quick and a timeout is the limit that was set, and neither says how fast answers come.
#ifndef LEAKBENCH_HARNESS_LOAD_OUTCOME_TIMES_H_
#define LEAKBENCH_HARNESS_LOAD_OUTCOME_TIMES_H_

#include <array>
#include <cstdint>
#include <memory>

#include "harness/load/outcome.h"
#include "runtime/stats/histogram.h"
#include "runtime/time/clock.h"

namespace leakbench {

// 0.05 %: finer than any clock noise, and 0.3 MiB for times up to a minute.
inline constexpr int kTimePrecisionBits = 11;

// Takes memory only for outcomes that come. Not thread-safe.
class OutcomeTimes {
 public:
  OutcomeTimes() = default;
  OutcomeTimes(const OutcomeTimes& other) { merge(other); }
  OutcomeTimes(OutcomeTimes&&) noexcept = default;
  OutcomeTimes& operator=(OutcomeTimes other) noexcept {
    times_.swap(other.times_);
    return *this;
  }
  ~OutcomeTimes() = default;

  void record(Outcome outcome, Duration time, std::uint64_t count = 1) {
    make(outcome).record(time.count(), count);
  }
  void merge(const OutcomeTimes& other);

  // In nanoseconds; empty of an outcome that did not come. Lives until the next change.
  const Histogram& of(Outcome outcome) const;

 private:
  Histogram& make(Outcome outcome) {
    auto& times = times_[static_cast<std::size_t>(outcome)];
    if (!times) times = std::make_unique<Histogram>(kTimePrecisionBits);
    return *times;
  }

  std::array<std::unique_ptr<Histogram>, kAllOutcomes.size()> times_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_OUTCOME_TIMES_H_
