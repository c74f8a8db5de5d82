#include "runtime/task/after_func.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

TEST(AfterFunc, OutsideATaskSaysThatItNeedsAWorker) {
  EXPECT_THROW((void)after_func(background(), [] {}), std::logic_error);
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
