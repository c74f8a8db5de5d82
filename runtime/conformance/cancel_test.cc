#include <vector>

#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST_F(ContextConformance, P09_BeforeItsCancellationAContextCanBeDoneButIsNot) {
  auto [ctx, cancel] = with_cancel(background());
  std::optional<Failure> heard;
  await_done(ctx, &heard);
  EXPECT_TRUE(ctx.can_be_done());
  EXPECT_FALSE(ctx.is_done());
  EXPECT_FALSE(ctx.err());
  EXPECT_FALSE(heard);
}

TEST_F(ContextConformance, P10_CancelReachesEveryDescendantBeforeItReturns) {
  struct RequestContext : Context {};
  auto [root, cancel] = with_cancel(background());
  std::vector<Cancellable> descendants;
  Context parent = root;
  for (int i = 0; i < 100; ++i) {
    const RequestContext wrapped{with_value(parent, kNumber, i)};
    descendants.push_back(i % 2 == 0 ? with_cancel(wrapped) : with_timeout(wrapped, 1h));
    if (i % 3 == 0) parent = descendants.back().context;
  }
  for (const auto& each : descendants) EXPECT_FALSE(each.context.is_done());
  cancel();
  for (const auto& each : descendants) {
    EXPECT_TRUE(each.context.is_done());
    EXPECT_EQ(each.context.err(), canceled());
  }
}

TEST_F(ContextConformance, P11_CancellingAgainChangesNothing) {
  auto [ctx, cancel] = with_cancel_cause(background());
  const Failure first("first");
  cancel(first);
  cancel(Failure("second"));
  cancel();
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(ctx.cause(), first);
}

TEST_F(ContextConformance, P12_CancelDoesNotWaitForTheWorkToEnd) {
  auto [ctx, cancel] = with_cancel(background());
  std::optional<Failure> heard;
  await_done(ctx, &heard);
  cancel();
  EXPECT_TRUE(ctx.is_done());
  EXPECT_FALSE(heard);  // the task has yet to get its turn
  scheduler_.run_until_idle();
  EXPECT_EQ(heard, canceled());
}

TEST_F(ContextConformance, P13_ACancelledChildLeavesItsParentAndSiblingsAlive) {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(parent);
  auto [sibling, cancel_sibling] = with_cancel(parent);
  cancel_child();
  EXPECT_TRUE(child.is_done());
  EXPECT_FALSE(parent.is_done());
  EXPECT_FALSE(sibling.is_done());
  cancel_parent();
  EXPECT_TRUE(sibling.is_done());
}

TEST_F(ContextConformance, P14_ACancelledChildRemovesItselfFromItsParent) {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [one, cancel_one] = with_cancel(parent);
  auto [two, cancel_two] = with_timeout(with_value(parent, kNumber, 1), 1h);
  EXPECT_EQ(parent.canceller()->children_for_testing(), 2u);
  cancel_one();
  EXPECT_EQ(parent.canceller()->children_for_testing(), 1u);
  cancel_two();
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST_F(ContextConformance, P15_ACancelledParentHoldsNoChildren) {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [one, cancel_one] = with_cancel(parent);
  auto [two, cancel_two] = with_cancel(one);
  cancel_parent();
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
  EXPECT_EQ(one.canceller()->children_for_testing(), 0u);
  auto [late, cancel_late] = with_cancel(parent);
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST_F(ContextConformance, P16_UnderAParentThatIsNeverDoneNothingIsRegistered) {
  auto [outer, cancel_outer] = with_cancel(background());
  auto [child, cancel_child] = with_cancel(without_cancel(outer));
  EXPECT_EQ(outer.canceller()->children_for_testing(), 0u);
  cancel_outer();
  EXPECT_FALSE(child.is_done());
}

TEST_F(ContextConformance, P17_AChildOfACancelledParentIsDoneFromTheStartForTheSameReason) {
  auto [parent, cancel] = with_cancel_cause(background());
  const Failure why("went home");
  cancel(why);
  auto [child, cancel_child] = with_cancel(parent);
  auto [limited, cancel_limited] = with_timeout(parent, 1h);
  for (const Context& ctx : {child, limited, with_value(parent, kNumber, 1)}) {
    EXPECT_TRUE(ctx.is_done());
    EXPECT_EQ(ctx.err(), canceled());
    EXPECT_EQ(ctx.cause(), why);
  }
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
}

TEST_F(ContextConformance, P23_DoneIsHeardByAllWhoWaitAndByWhoComesLate) {
  auto [ctx, cancel] = with_cancel(background());
  std::optional<Failure> first, second, late;
  await_done(ctx, &first);
  await_done(ctx, &second);
  cancel();
  await_done(ctx, &late);
  EXPECT_EQ(first, canceled());
  EXPECT_EQ(second, canceled());
  EXPECT_EQ(late, canceled());
}

TEST_F(ContextConformance, P23_DoneOfAContextCancelledBeforeAnybodyWaitedIsReadyAtOnce) {
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  EXPECT_TRUE(done(ctx).await_ready());
}

template <typename Parent>
concept HasChildren = requires(Parent parent) {
  with_cancel(parent);
};

TEST_F(ContextConformance, P24_ANullParentDoesNotCompile) {
  EXPECT_TRUE(HasChildren<Context>);
  EXPECT_FALSE(HasChildren<std::nullptr_t>);
  EXPECT_FALSE(HasChildren<Context*>);
  auto [child, cancel] = with_cancel({});  // the empty Context is the background, no null
  EXPECT_EQ(child.to_string(), "context.Background.WithCancel");
}

TEST_F(ContextConformance, P26_ErrNeverChangesOnceItIsSet) {
  auto [parent, cancel_parent] = with_timeout(background(), 2s);
  auto [child, cancel_child] = with_timeout(parent, 1s);
  auto [other, cancel_other] = with_timeout(parent, 1s);
  cancel_other();
  pass(1s);
  cancel_child();
  pass(1s);
  cancel_parent();
  EXPECT_EQ(child.err(), deadline_exceeded());
  EXPECT_EQ(other.err(), canceled());
  EXPECT_EQ(parent.err(), deadline_exceeded());
}

TEST_F(ContextConformance, P27_ErrIsOneOfTwoWithGosWords) {
  auto [cancelled, cancel] = with_cancel_cause(background());
  auto [expired, cancel_expired] = with_timeout_cause(background(), 1s, Failure("slow"));
  cancel(Failure("whatever the cause"));
  pass(1s);
  EXPECT_EQ(cancelled.err(), canceled());
  EXPECT_EQ(cancelled.err().message(), "context canceled");
  EXPECT_EQ(expired.err(), deadline_exceeded());
  EXPECT_EQ(expired.err().message(), "context deadline exceeded");
}

TEST_F(ContextConformance, P28_OnlyAPassedDeadlineIsATimeout) {
  EXPECT_TRUE(deadline_exceeded().is_timeout());
  EXPECT_FALSE(canceled().is_timeout());
  EXPECT_FALSE(Failure("deadline").is_timeout());
}

}  // namespace
}  // namespace leakbench
