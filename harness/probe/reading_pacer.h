// How often a server may be read for a timeline without being slowed down by it.
#ifndef LEAKBENCH_HARNESS_PROBE_READING_PACER_H_
#define LEAKBENCH_HARNESS_PROBE_READING_PACER_H_

#include "harness/probe/metrics_source.h"
#include "runtime/time/clock.h"

namespace leakbench {

// After a reading that took t it asks for 100 t without one: whatever a reading costs the server,
// which is at most t of one core, it costs no more than a hundredth of that core. With
// ReadingPace::kEveryTime it never asks for anything. Not thread safe.
class ReadingPacer {
 public:
  // The clock must outlive it.
  ReadingPacer(ReadingPace pace, const Clock& clock) : pace_(pace), clock_(clock) {}

  bool may_read() const { return pace_ == ReadingPace::kEveryTime || clock_.now() >= next_; }

  void begin() { begin_ = clock_.now(); }
  void end() {
    constexpr int kRestPerReading = 100;
    const TimePoint now = clock_.now();
    next_ = now + kRestPerReading * (now - begin_);
  }

 private:
  const ReadingPace pace_;
  const Clock& clock_;
  TimePoint begin_{};
  TimePoint next_{};
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_READING_PACER_H_
