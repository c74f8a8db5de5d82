#include <memory>

#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST_F(ContextConformance, P29_ADeadlineIsExceededWhenItsTimeComes) {
  auto [ctx, cancel] = with_deadline(background(), now() + 2s);
  std::optional<Failure> heard;
  await_done(ctx, &heard);
  pass(1s);
  EXPECT_FALSE(ctx.err());
  EXPECT_FALSE(heard);
  pass(1s);
  EXPECT_EQ(ctx.err(), deadline_exceeded());
  EXPECT_EQ(ctx.cause(), deadline_exceeded());
  EXPECT_EQ(heard, deadline_exceeded());
}

TEST_F(ContextConformance, P30_ADeadlineWorksThroughAWrapper) {
  struct RequestContext : Context {};
  auto [ctx, cancel] = with_deadline(background(), now() + 1s);
  const RequestContext wrapped{with_value(ctx, kNumber, 1)};
  auto [child, cancel_child] = with_cancel(wrapped);
  pass(1s);
  EXPECT_EQ(wrapped.err(), deadline_exceeded());
  EXPECT_EQ(child.err(), deadline_exceeded());
}

TEST_F(ContextConformance, P31_TheParentsEarlierDeadlineHoldsAndTheChildGetsNoTimer) {
  auto [parent, cancel_parent] = with_timeout(background(), 1s);
  auto [child, cancel_child] = with_deadline(parent, now() + 5s);
  EXPECT_EQ(child.deadline(), parent.deadline());
  EXPECT_EQ(child.to_string(), "context.Background.WithDeadline.WithCancel");
  pass(1s);
  EXPECT_EQ(child.err(), deadline_exceeded());
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
}

TEST_F(ContextConformance, P31_ADeadlineEqualToTheParentsIsTheChildsOwn) {
  auto [parent, cancel_parent] = with_timeout(background(), 1s);
  auto [child, cancel_child] = with_deadline(parent, now() + 1s);
  EXPECT_EQ(child.to_string(), "context.Background.WithDeadline.WithDeadline");
  pass(1s);
  EXPECT_EQ(child.err(), deadline_exceeded());
}

TEST_F(ContextConformance, P32_ADeadlineThatHasComeMakesAContextThatIsDoneAtOnce) {
  for (const TimePoint deadline : {now(), now() - 1ns, now() - 1h, TimePoint::min()}) {
    auto [ctx, cancel] = with_deadline(background(), deadline);
    EXPECT_EQ(ctx.err(), deadline_exceeded());
    EXPECT_EQ(ctx.deadline(), deadline);
    cancel();
    EXPECT_EQ(ctx.err(), deadline_exceeded());
    EXPECT_EQ(ctx.cause(), deadline_exceeded());
  }
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
}

TEST_F(ContextConformance, P33_ATimeoutIsADeadlineFromNow) {
  auto [limited, cancel_limited] = with_timeout(background(), 2s);
  auto [dated, cancel_dated] = with_deadline(background(), now() + 2s);
  EXPECT_EQ(limited.deadline(), dated.deadline());
  EXPECT_EQ(limited.to_string(), "context.Background.WithDeadline");
  EXPECT_EQ(limited.to_string(), dated.to_string());
}

TEST_F(ContextConformance, P34_CancelledBeforeItsDeadlineItIsCanceledAndLeavesNothingBehind) {
  const auto witness = std::make_shared<int>(1);
  static constexpr ContextKey<std::shared_ptr<int>> kWitness{"witness"};
  auto [parent, cancel_parent] = with_cancel(background());
  {
    auto [ctx, cancel] = with_timeout(with_value(parent, kWitness, witness), 2s);
    cancel();
    EXPECT_EQ(ctx.err(), canceled());
    EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
    EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
    pass(3s);
    EXPECT_EQ(ctx.err(), canceled());
    EXPECT_EQ(witness.use_count(), 2);
  }
  EXPECT_EQ(witness.use_count(), 1);  // the timer let go of the context
}

TEST_F(ContextConformance, P35_DeadlineIsOnesOwnOrInherited) {
  EXPECT_EQ(with_value(background(), kNumber, 1).deadline(), std::nullopt);
  auto [plain, cancel_plain] = with_cancel(background());
  EXPECT_EQ(plain.deadline(), std::nullopt);
  auto [outer, cancel_outer] = with_timeout(plain, 5s);
  auto [layer, cancel_layer] = with_cancel(with_value(outer, kNumber, 1));
  EXPECT_EQ(layer.deadline(), now() + 5s);
  auto [inner, cancel_inner] = with_timeout(layer, 2s);
  EXPECT_EQ(inner.deadline(), now() + 2s);
  EXPECT_EQ(layer.deadline(), now() + 5s);
}

TEST_F(ContextConformance, P36_AParentCancelledBeforeTheDeadlineCancelsTheChildAndStopsItsTimer) {
  auto [parent, cancel] = with_cancel(background());
  auto [child, cancel_child] = with_timeout(parent, 2s);
  cancel();
  EXPECT_EQ(child.err(), canceled());
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
  pass(3s);
  EXPECT_EQ(child.err(), canceled());
}

}  // namespace
}  // namespace leakbench
