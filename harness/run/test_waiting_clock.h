// A clock that stands still until a test moves it, and that can be waited for.
#ifndef LEAKBENCH_HARNESS_RUN_TEST_WAITING_CLOCK_H_
#define LEAKBENCH_HARNESS_RUN_TEST_WAITING_CLOCK_H_

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "harness/run/waiting_clock.h"

namespace leakbench {

// Of one thread that waits, and one that moves it.
class TestWaitingClock final : public WaitingClock {
 public:
  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  bool wait_until(TimePoint time, std::stop_token stop) const override {
    std::unique_lock lock(mutex_);
    waited_for_ = time;
    changed_.notify_all();
    changed_.wait(lock, std::move(stop), [&] { return now_ >= time; });
    waited_for_ = TimePoint::min();
    return now_ >= time;
  }

  // Nobody is told: the thread that waits is held up.
  void pass(Duration duration) {
    const std::lock_guard lock(mutex_);
    now_ += duration;
  }

  // Returns when whoever waits has done what was to be done until then.
  void advance(Duration duration) {
    std::unique_lock lock(mutex_);
    now_ += duration;
    changed_.notify_all();
    EXPECT_TRUE(
        changed_.wait_for(lock, std::chrono::seconds(20), [&] { return waited_for_ > now_; }));
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  TimePoint now_{std::chrono::hours(1)};
  mutable TimePoint waited_for_ = TimePoint::min();
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TEST_WAITING_CLOCK_H_
