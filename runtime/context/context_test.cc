#include "runtime/context/context.h"

#include <gtest/gtest.h>

#include <vector>

namespace leakbench {
namespace {

struct CountingListener : CancelListener {
  CountingListener() : CancelListener(&CountingListener::on_cancel) {}
  static void on_cancel(CancelListener& listener) {
    ++static_cast<CountingListener&>(listener).calls;
  }
  int calls = 0;
};

TEST(Context, BackgroundIsNeverDone) {
  const Context ctx = background();
  EXPECT_FALSE(ctx.err());
  EXPECT_FALSE(ctx.cause());
  EXPECT_FALSE(ctx.can_be_done());
  EXPECT_EQ(ctx.deadline(), std::nullopt);
  EXPECT_EQ(ctx.to_string(), "context.Background");
  EXPECT_EQ(todo().to_string(), "context.TODO");
  EXPECT_FALSE(todo().can_be_done());
}

TEST(Context, IsLiveUntilItIsCancelled) {
  auto [ctx, cancel] = with_cancel(background());
  EXPECT_TRUE(ctx.can_be_done());
  EXPECT_FALSE(ctx.is_done());
  EXPECT_FALSE(ctx.err());
  cancel();
  EXPECT_TRUE(ctx.is_done());
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(ctx.cause(), canceled());
  cancel();  // again changes nothing
  EXPECT_EQ(ctx.err(), canceled());
}

TEST(Context, CancellingReachesEveryDescendantBeforeItReturns) {
  auto [root, cancel] = with_cancel(background());
  static constexpr ContextKey<int> kKey{"key"};
  std::vector<Cancellable> descendants;
  Context parent = root;
  for (int i = 0; i < 100; ++i) {
    descendants.push_back(with_cancel(with_value(parent, kKey, i)));
    if (i % 3 == 0) parent = descendants.back().context;
  }
  cancel();
  for (const auto& descendant : descendants) EXPECT_EQ(descendant.context.err(), canceled());
}

TEST(Context, AChildThatIsCancelledLeavesItsParentAndSiblingsAlone) {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(parent);
  auto [sibling, cancel_sibling] = with_cancel(parent);
  cancel_child();
  EXPECT_TRUE(child.is_done());
  EXPECT_FALSE(parent.is_done());
  EXPECT_FALSE(sibling.is_done());
}

TEST(Context, AFinishedChildLeavesNothingBehindInItsParent) {
  auto [parent, cancel_parent] = with_cancel(background());
  {
    auto [cancelled, cancel] = with_cancel(parent);
    auto [dropped, unused] = with_cancel(parent);
    EXPECT_EQ(parent.canceller()->children_for_testing(), 2u);
    cancel();
    EXPECT_EQ(parent.canceller()->children_for_testing(), 1u);
  }
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST(Context, AChildOfACancelledParentIsDoneFromTheStart) {
  auto [parent, cancel] = with_cancel_cause(background());
  const Failure why("went home");
  cancel(why);
  auto [child, cancel_child] = with_cancel(parent);
  EXPECT_EQ(child.err(), canceled());
  EXPECT_EQ(child.cause(), why);
}

TEST(Context, LeavingTheScopeCancels) {
  Context kept;
  {
    auto [ctx, cancel] = with_cancel(background());
    kept = ctx;
  }
  EXPECT_EQ(kept.err(), canceled());
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

TEST(Context, WithoutCancelOutlivesItsParentAndKeepsItsValues) {
  static constexpr ContextKey<std::string> kUser{"user"};
  auto [parent, cancel] = with_cancel(with_value(background(), kUser, "ada"));
  const Context detached = without_cancel(parent);
  cancel();
  EXPECT_FALSE(detached.err());
  EXPECT_FALSE(detached.cause());
  EXPECT_FALSE(detached.can_be_done());
  ASSERT_NE(detached.value(kUser), nullptr);
  EXPECT_EQ(*detached.value(kUser), "ada");
  auto [below, cancel_below] = with_cancel(detached);
  EXPECT_FALSE(below.is_done());
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

TEST(Context, AChainOfAHundredThousandIsCancelledAndDestroyedWithoutRecursion) {
  auto [root, cancel] = with_cancel(background());
  Context leaf = root;
  for (int i = 0; i < 100'000; ++i) {
    auto [next, handle] = with_cancel(leaf);
    std::move(handle).detach();
    leaf = next;
  }
  cancel();
  EXPECT_EQ(leaf.err(), canceled());
}

}  // namespace
}  // namespace leakbench
