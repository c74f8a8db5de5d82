#include "harness/load/outcome_times.h"

namespace leakbench {

void OutcomeTimes::merge(const OutcomeTimes& other) {
  for (const Outcome outcome : kAllOutcomes) {
    const auto& times = other.times_[static_cast<std::size_t>(outcome)];
    if (times) make(outcome).merge(*times);
  }
}

const Histogram& OutcomeTimes::of(Outcome outcome) const {
  static const Histogram none(kTimePrecisionBits);
  const auto& times = times_[static_cast<std::size_t>(outcome)];
  return times ? *times : none;
}

}  // namespace leakbench
