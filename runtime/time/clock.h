// The clock seam: everything that waits or times out asks a Clock, so that tests need no sleep.
#ifndef LEAKBENCH_RUNTIME_TIME_CLOCK_H_
#define LEAKBENCH_RUNTIME_TIME_CLOCK_H_

#include <atomic>
#include <chrono>

namespace leakbench {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

// `time + duration`, held at the ends of what a TimePoint can say instead of overflowing.
TimePoint saturating_add(TimePoint time, Duration duration);

class Clock {
 public:
  virtual ~Clock() = default;

  // Monotonic. Safe from any thread.
  virtual TimePoint now() const = 0;
};

// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  TimePoint now() const override;
};

// Stands still until a test moves it. Safe from any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start = TimePoint(std::chrono::hours(1))) : now_(start) {}

  TimePoint now() const override { return now_.load(std::memory_order_acquire); }
  void advance(Duration duration) { set(now() + duration); }
  void set(TimePoint now) { now_.store(now, std::memory_order_release); }

 private:
  std::atomic<TimePoint> now_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TIME_CLOCK_H_
