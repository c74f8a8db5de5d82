#include <memory>

#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST_F(ContextConformance, P51_AfterFuncRunsOnceInATaskOfItsOwnAfterCancel) {
  auto [ctx, cancel] = with_cancel(background());
  int calls = 0;
  const StopFunc stop = after(ctx, [&] { ++calls; });
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 0);
  cancel();
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 1);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 1);
}

TEST_F(ContextConformance, P51_AfterFuncRunsAfterATimeout) {
  auto [ctx, cancel] = with_timeout(background(), 1s);
  int calls = 0;
  Failure err;
  const StopFunc stop = after(ctx, [&, &ctx = ctx] {
    ++calls;
    err = ctx.err();
  });
  pass(500ms);
  EXPECT_EQ(calls, 0);
  pass(500ms);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(err, deadline_exceeded());
}

TEST_F(ContextConformance, P52_AfterFuncOfADoneContextRunsAtOnceButInATask) {
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  int calls = 0;
  const StopFunc stop = after(ctx, [&] { ++calls; });
  EXPECT_EQ(calls, 0);
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 1);
}

TEST_F(ContextConformance, P53_StopIsTrueOnceAndThenTheFunctionNeverRuns) {
  auto [ctx, cancel] = with_cancel(background());
  int calls = 0;
  const StopFunc stop = after(ctx, [&] { ++calls; });
  EXPECT_TRUE(stop());
  EXPECT_FALSE(stop());
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 0);
  EXPECT_FALSE(stop());
}

TEST_F(ContextConformance, P54_StopIsFalseOnceTheFunctionIsStartedAndDoesNotWaitForIt) {
  auto [ctx, cancel] = with_cancel(background());
  int calls = 0;
  const StopFunc stop = after(ctx, [&] { ++calls; });
  cancel();
  EXPECT_FALSE(stop());  // it returned, and the function has not run yet
  EXPECT_EQ(calls, 0);
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(stop());
}

TEST_F(ContextConformance, P55_CancelDoesNotWaitForTheFunction) {
  auto [ctx, cancel] = with_cancel(background());
  bool ran = false;
  const StopFunc stop = after(ctx, [&] { ran = true; });
  cancel();
  EXPECT_FALSE(ran);
  scheduler_.run_until_idle();
  EXPECT_TRUE(ran);
}

TEST_F(ContextConformance, P56_SeveralAfterFuncsOfOneContextAreIndependent) {
  auto [ctx, cancel] = with_cancel(background());
  int first = 0, second = 0, third = 0;
  const StopFunc stop_first = after(ctx, [&] { ++first; });
  const StopFunc stop_second = after(ctx, [&] { ++second; });
  const StopFunc stop_third = after(ctx, [&] { ++third; });
  EXPECT_TRUE(stop_second());
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(third, 1);
}

TEST_F(ContextConformance, P57_StopRemovesTheRegistrationFromItsContext) {
  auto [ctx, cancel] = with_cancel(background());
  const auto witness = std::make_shared<int>(1);
  {
    const StopFunc stop = after(ctx, [witness] {});
    EXPECT_EQ(witness.use_count(), 2);
    EXPECT_TRUE(stop());
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST_F(ContextConformance, P57_ARegistrationWithoutAStopFuncStaysUntilItRan) {
  auto [ctx, cancel] = with_cancel(background());
  const auto witness = std::make_shared<int>(1);
  int calls = 0;
  after(ctx, [witness, &calls] { ++calls; });
  EXPECT_EQ(witness.use_count(), 2);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(witness.use_count(), 1);
}

// P16 for after_func.
TEST_F(ContextConformance, P57_UnderAContextThatIsNeverDoneNothingIsRegistered) {
  const auto witness = std::make_shared<int>(1);
  {
    const StopFunc stop = after(background(), [witness] {});
    pass(1h);
    EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
    EXPECT_TRUE(stop());
    EXPECT_FALSE(stop());
  }
  after(todo(), [witness] {});
  EXPECT_EQ(witness.use_count(), 1);
}

}  // namespace
}  // namespace leakbench
