#include <gtest/gtest.h>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class ContextDeadline : public testing::Test {
 protected:
  void pass(Duration duration) {
    clock_.advance(duration + TimerQueue::kTick);
    timers_.run_expired();
  }

  ManualClock clock_;
  TimerQueue timers_{clock_};
  TimerQueue::Binding binding_{timers_};
};

TEST_F(ContextDeadline, InThePastItIsExceededFromTheStart) {
  for (const Duration timeout : {Duration(0), Duration(-1s), Duration::min()}) {
    auto [ctx, cancel] = with_timeout(background(), timeout);
    EXPECT_EQ(ctx.err(), deadline_exceeded());
  }
}

TEST_F(ContextDeadline, AnEnormousTimeoutIsOneThatNeverComes) {
  auto [ctx, cancel] = with_timeout(background(), Duration::max());
  EXPECT_EQ(ctx.deadline(), TimePoint::max());
  pass(std::chrono::hours(24 * 365 * 50));
  EXPECT_FALSE(ctx.err());
}

TEST_F(ContextDeadline, TheChildsEarlierDeadlineEndsTheChildOnly) {
  auto [parent, cancel_parent] = with_timeout(background(), 5s);
  auto [child, cancel_child] = with_timeout(parent, 1s);
  pass(1s);
  EXPECT_EQ(child.err(), deadline_exceeded());
  EXPECT_FALSE(parent.err());
}

TEST_F(ContextDeadline, ADetachedContextStillExpires) {
  Context kept;
  {
    auto [ctx, cancel] = with_timeout(background(), 1s);
    kept = ctx;
    std::move(cancel).detach();
  }
  pass(1s);
  EXPECT_EQ(kept.err(), deadline_exceeded());
}

TEST(ContextDeadlineWithoutTimers, SaysWhatIsMissing) {
  EXPECT_THROW((void)with_timeout(background(), 1s), std::logic_error);
}

TEST(ContextDeadlineWithoutTimers, OutlivesItsTimerQueue) {
  ManualClock clock;
  Context kept;
  {
    TimerQueue timers(clock);
    auto [ctx, cancel] = with_timeout(background(), 1s, &timers);
    kept = ctx;
    std::move(cancel).detach();
  }
  EXPECT_FALSE(kept.err());
}

}  // namespace
}  // namespace leakbench
