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

TEST_F(ContextDeadline, IsExceededWhenItsTimeComes) {
  auto [ctx, cancel] = with_timeout(background(), 2s);
  EXPECT_EQ(ctx.deadline(), clock_.now() + 2s);
  pass(1s);
  EXPECT_FALSE(ctx.err());
  pass(1s);
  EXPECT_EQ(ctx.err(), deadline_exceeded());
  EXPECT_EQ(ctx.cause(), deadline_exceeded());
  cancel();
  EXPECT_EQ(ctx.err(), deadline_exceeded());
}

TEST_F(ContextDeadline, CancellingBeforeItStopsTheTimer) {
  auto [ctx, cancel] = with_timeout(background(), 2s);
  cancel();
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(timers_.next_deadline(), std::nullopt);
  pass(3s);
  EXPECT_EQ(ctx.err(), canceled());
}

TEST_F(ContextDeadline, CancellingTheParentStopsTheTimerToo) {
  auto [parent, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_timeout(parent, 2s);
  cancel();
  EXPECT_EQ(child.err(), canceled());
  EXPECT_EQ(timers_.next_deadline(), std::nullopt);
}

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

TEST_F(ContextDeadline, TheParentsEarlierDeadlineHolds) {
  auto [parent, cancel_parent] = with_timeout(background(), 1s);
  auto [child, cancel_child] = with_timeout(parent, 5s);
  EXPECT_EQ(child.deadline(), parent.deadline());
  EXPECT_EQ(child.to_string(), "context.Background.WithDeadline.WithCancel");
  pass(1s);
  EXPECT_EQ(child.err(), deadline_exceeded());
}

TEST_F(ContextDeadline, TheChildsEarlierDeadlineEndsTheChildOnly) {
  auto [parent, cancel_parent] = with_timeout(background(), 5s);
  auto [child, cancel_child] = with_timeout(parent, 1s);
  pass(1s);
  EXPECT_EQ(child.err(), deadline_exceeded());
  EXPECT_FALSE(parent.err());
}

TEST_F(ContextDeadline, ACauseIsGivenOnExpiryOnly) {
  const Failure slow("too slow");
  auto [expired, cancel_expired] = with_timeout_cause(background(), 1s, slow);
  auto [cancelled, cancel] = with_timeout_cause(background(), 1s, slow);
  cancel();
  pass(1s);
  EXPECT_EQ(expired.err(), deadline_exceeded());
  EXPECT_EQ(expired.cause(), slow);
  EXPECT_EQ(cancelled.cause(), canceled());
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

TEST_F(ContextDeadline, IsNotInheritedThroughWithoutCancel) {
  auto [parent, cancel] = with_timeout(background(), 1s);
  EXPECT_EQ(without_cancel(parent).deadline(), std::nullopt);
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
