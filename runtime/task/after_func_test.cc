#include "runtime/task/after_func.h"

#include <gtest/gtest.h>

#include <thread>

#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

class AfterFunc : public testing::Test {
 protected:
  StopFunc count_after(const Context& ctx) {
    return after_func(
        ctx, [this] { ++calls_; }, &scheduler_.worker());
  }

  TestScheduler scheduler_;
  int calls_ = 0;
};

TEST_F(AfterFunc, RunsOnceInATaskOfItsOwnAfterCancellation) {
  auto [ctx, cancel] = with_cancel(background());
  const StopFunc stop = count_after(ctx);
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 0);
  cancel();
  EXPECT_EQ(calls_, 0);  // not on the cancelling thread, not inside cancel()
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 1);
  EXPECT_FALSE(stop());
}

TEST_F(AfterFunc, RunsAtOnceButStillInATaskWhenTheContextIsDoneAlready) {
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  count_after(ctx);
  EXPECT_EQ(calls_, 0);
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 1);
}

TEST_F(AfterFunc, StoppedBeforeCancellationNeverRuns) {
  auto [ctx, cancel] = with_cancel(background());
  const StopFunc stop = count_after(ctx);
  EXPECT_TRUE(stop());
  EXPECT_FALSE(stop());
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 0);
}

TEST_F(AfterFunc, SeveralOnOneContextAreIndependent) {
  auto [ctx, cancel] = with_cancel(background());
  count_after(ctx);
  const StopFunc stop = count_after(ctx);
  count_after(ctx);
  EXPECT_TRUE(stop());
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 2);
}

TEST_F(AfterFunc, UnderAContextThatIsNeverDoneItWaitsForEver) {
  const StopFunc stop = count_after(background());
  scheduler_.run_until_idle();
  EXPECT_EQ(calls_, 0);
  EXPECT_TRUE(stop());
  EXPECT_FALSE(stop());
}

TEST(AfterFuncConcurrency, StopAndCancelAgreeOnWhetherItRan) {
  for (int i = 0; i < 300; ++i) {
    Scheduler scheduler({.threads = false});
    auto [ctx, cancel] = with_cancel(background());
    int calls = 0;
    const StopFunc stop = after_func(
        ctx, [&calls] { ++calls; }, &scheduler.worker(0));
    std::thread other([&cancel = cancel] { cancel(); });
    const bool stopped = stop();
    other.join();
    while (scheduler.turn()) {
    }
    EXPECT_EQ(calls, stopped ? 0 : 1);
  }
}

}  // namespace
}  // namespace leakbench
