#include <gtest/gtest.h>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

TEST(ContextCause, IsEmptyWhileLive) {
  auto [ctx, cancel] = with_cancel_cause(background());
  EXPECT_FALSE(ctx.cause());
}

TEST(ContextCause, IsWhatTheCancellationGave) {
  auto [ctx, cancel] = with_cancel_cause(background());
  const Failure why("user closed the tab");
  cancel(why);
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(ctx.cause(), why);
}

TEST(ContextCause, WithoutOneItIsTheErrItself) {
  auto [ctx, cancel] = with_cancel_cause(background());
  cancel(Failure());
  EXPECT_EQ(ctx.cause(), canceled());
}

TEST(ContextCause, TheFirstCancellationWins) {
  const Failure first("first"), second("second");
  {
    auto [parent, cancel_parent] = with_cancel_cause(background());
    auto [child, cancel_child] = with_cancel_cause(parent);
    cancel_parent(first);
    cancel_child(second);
    EXPECT_EQ(parent.cause(), first);
    EXPECT_EQ(child.cause(), first);
  }
  {
    auto [parent, cancel_parent] = with_cancel_cause(background());
    auto [child, cancel_child] = with_cancel_cause(parent);
    cancel_child(second);
    cancel_parent(first);
    EXPECT_EQ(parent.cause(), first);
    EXPECT_EQ(child.cause(), second);
  }
}

TEST(ContextCause, APlainCancelOfTheChildComesFirstAndStays) {
  auto [parent, cancel_parent] = with_cancel_cause(background());
  auto [child, cancel_child] = with_cancel(parent);
  cancel_child();
  cancel_parent(Failure("too late"));
  EXPECT_EQ(child.cause(), canceled());
}

}  // namespace
}  // namespace leakbench
