#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr Duration kForever = 1'000'000s;

TEST_F(ContextConformance, P37_CancellingWithACauseKeepsErrAndGivesTheCause) {
  auto [ctx, cancel] = with_cancel_cause(background());
  const Failure why("user closed the tab");
  cancel(why);
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(ctx.cause(), why);
}

TEST_F(ContextConformance, P38_AnEmptyCauseIsCanceled) {
  auto [given, cancel_given] = with_cancel_cause(background());
  auto [plain, cancel_plain] = with_cancel_cause(background());
  cancel_given(Failure());
  cancel_plain();
  EXPECT_EQ(given.cause(), canceled());
  EXPECT_EQ(plain.cause(), canceled());
}

TEST_F(ContextConformance, P39_ThereIsNoCauseBeforeTheCancellation) {
  auto [ctx, cancel] = with_cancel_cause(background());
  auto [limited, cancel_limited] = with_timeout_cause(ctx, 1s, Failure("too slow"));
  EXPECT_FALSE(ctx.cause());
  EXPECT_FALSE(limited.cause());
}

TEST_F(ContextConformance, P40_TheFirstCancellationWins) {
  const Failure of_parent("parent"), of_child("child");
  {
    auto [parent, cancel_parent] = with_cancel_cause(background());
    auto [child, cancel_child] = with_cancel_cause(parent);
    cancel_parent(of_parent);
    cancel_child(of_child);
    EXPECT_EQ(parent.cause(), of_parent);
    EXPECT_EQ(child.cause(), of_parent);
  }
  {
    auto [parent, cancel_parent] = with_cancel_cause(background());
    auto [child, cancel_child] = with_cancel_cause(parent);
    cancel_child(of_child);
    cancel_parent(of_parent);
    EXPECT_EQ(parent.cause(), of_parent);
    EXPECT_EQ(child.cause(), of_child);
  }
}

TEST_F(ContextConformance, P41_APlainCancelOfTheChildStaysWhenTheParentGetsACauseLater) {
  auto [parent, cancel_parent] = with_cancel_cause(background());
  auto [child, cancel_child] = with_cancel(parent);
  cancel_child();
  cancel_parent(Failure("too late"));
  EXPECT_EQ(child.cause(), canceled());
}

TEST_F(ContextConformance, P42_APlainCancelOfTheParentStaysWhenTheChildGetsACauseLater) {
  auto [parent, cancel_parent] = with_cancel(background());
  auto [child, cancel_child] = with_cancel_cause(parent);
  cancel_parent();
  cancel_child(Failure("too late"));
  EXPECT_EQ(child.cause(), canceled());
}

TEST_F(ContextConformance, P43_ATimeoutsCauseIsGivenOnExpiryOnly) {
  const Failure too_slow("too slow");
  auto [expired, cancel_expired] = with_timeout_cause(background(), 1s, too_slow);
  auto [dated, cancel_dated] = with_deadline_cause(background(), now() + 1s, too_slow);
  auto [cancelled, cancel] = with_timeout_cause(background(), 1s, too_slow);
  cancel();
  pass(1s);
  EXPECT_EQ(expired.err(), deadline_exceeded());
  EXPECT_EQ(expired.cause(), too_slow);
  EXPECT_EQ(dated.err(), deadline_exceeded());
  EXPECT_EQ(dated.cause(), too_slow);
  EXPECT_EQ(cancelled.err(), canceled());
  EXPECT_EQ(cancelled.cause(), canceled());
}

TEST_F(ContextConformance, P44_ATimeoutOfZeroKeepsItsCauseWhenTheParentIsCancelledLater) {
  const Failure too_slow("too slow");
  auto [parent, cancel] = with_cancel_cause(background());
  auto [child, cancel_child] = with_timeout_cause(parent, 0s, too_slow);
  cancel(Failure("finished early"));
  EXPECT_EQ(child.err(), deadline_exceeded());
  EXPECT_EQ(child.cause(), too_slow);
}

TEST_F(ContextConformance, P45_AParentCancelledBeforeATimeoutGivesItsOwnCause) {
  const Failure finished_early("finished early");
  auto [parent, cancel] = with_cancel_cause(background());
  auto [child, cancel_child] = with_timeout_cause(parent, kForever, Failure("too slow"));
  cancel(finished_early);
  EXPECT_EQ(child.err(), canceled());
  EXPECT_EQ(child.cause(), finished_early);
}

TEST_F(ContextConformance, P50_WithoutCancelKeepsTheValuesAndNothingElse) {
  auto [cancelled, cancel] = with_cancel_cause(with_value(background(), kNumber, 7));
  auto [expired, cancel_expired] = with_timeout_cause(cancelled, 1s, Failure("too slow"));
  const Context kept = without_cancel(expired);
  std::optional<Failure> heard;
  await_done(kept, &heard);
  const auto expect_untouched = [&] {
    EXPECT_EQ(kept.deadline(), std::nullopt);
    EXPECT_FALSE(kept.can_be_done());
    EXPECT_FALSE(kept.err());
    EXPECT_FALSE(kept.cause());
    EXPECT_FALSE(heard);
    ASSERT_NE(kept.value(kNumber), nullptr);
    EXPECT_EQ(*kept.value(kNumber), 7);
  };
  expect_untouched();
  pass(1s);
  EXPECT_EQ(expired.err(), deadline_exceeded());
  expect_untouched();
  cancel(Failure("finished early"));
  scheduler_.run_until_idle();
  expect_untouched();
  EXPECT_EQ(without_cancel(background()).to_string(), "context.Background.WithoutCancel");
}

TEST_F(ContextConformance, P50_BelowWithoutCancelANewTreeBegins) {
  auto [old, cancel_old] = with_timeout(background(), 1s);
  auto [root, cancel_root] = with_cancel(without_cancel(old));
  auto [limited, cancel_limited] = with_timeout(root, 5s);
  EXPECT_EQ(limited.deadline(), now() + 5s);
  cancel_old();
  EXPECT_FALSE(limited.is_done());
  cancel_root();
  EXPECT_EQ(limited.err(), canceled());
}

}  // namespace
}  // namespace leakbench
