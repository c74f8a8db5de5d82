#include "runtime/context/context.h"

#include <gtest/gtest.h>

#include <memory>

#include "runtime/context/counting_listener_for_testing.h"

namespace leakbench {
namespace {

TEST(Context, LeavingTheScopeCancelsAndLeavesNothingBehindInTheParent) {
  auto [parent, cancel_parent] = with_cancel(background());
  Context kept;
  {
    auto [ctx, cancel] = with_cancel(parent);
    kept = ctx;
    EXPECT_EQ(parent.canceller()->children_for_testing(), 1u);
  }
  EXPECT_EQ(kept.err(), canceled());
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST(Context, ADetachedContextThatNobodyHoldsLeavesItsParent) {
  auto [parent, cancel_parent] = with_cancel(background());
  std::move(with_cancel(parent).cancel).detach();
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST(Context, ADetachedHandleNoLongerCancels) {
  auto [parent, cancel_parent] = with_cancel(background());
  Context kept;
  {
    auto [ctx, cancel] = with_cancel(parent);
    kept = ctx;
    std::move(cancel).detach();
  }
  EXPECT_FALSE(kept.is_done());
  cancel_parent();
  EXPECT_TRUE(kept.is_done());
}

TEST(Context, AValueThatGoesInACancellationMayCancelTheSameTree) {
  static constexpr ContextKey<std::shared_ptr<CancelHandle>> kHandle{"handle"};
  ManualClock clock;
  TimerQueue timers(clock);
  auto [root, cancel] = with_cancel(background());
  auto [sibling, cancel_sibling] = with_cancel(root);
  {
    // Only its timer keeps this one, and only until it is cancelled; the value goes with it.
    const Context holder = with_value(root, kHandle, std::make_shared<CancelHandle>(root));
    std::move(with_timeout(holder, std::chrono::hours(1), &timers).cancel).detach();
  }
  cancel();
  EXPECT_TRUE(sibling.is_done());
  EXPECT_EQ(timers.next_deadline(), std::nullopt);
}

TEST(Context, AListenerHearsOnceOrSaysThatItIsTooLate) {
  auto [ctx, cancel] = with_cancel(background());
  CountingListener hears, stops, late;
  EXPECT_TRUE(ctx.canceller()->listen(hears));
  EXPECT_TRUE(ctx.canceller()->listen(stops));
  EXPECT_TRUE(ctx.canceller()->stop_listening(stops));
  cancel();
  cancel();
  EXPECT_EQ(hears.calls, 1);
  EXPECT_EQ(stops.calls, 0);
  EXPECT_FALSE(ctx.canceller()->stop_listening(hears));
  EXPECT_FALSE(ctx.canceller()->listen(late));
  EXPECT_EQ(late.calls, 0);
}

}  // namespace
}  // namespace leakbench
