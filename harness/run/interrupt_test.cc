#include "harness/run/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(Interrupt, ASignalEndsTheContextAndIsRemembered) {
  const Interrupt interrupt;
  EXPECT_EQ(interrupt.signal(), std::nullopt);
  EXPECT_FALSE(interrupt.context().is_done());
  ::kill(::getpid(), SIGINT);
  EXPECT_FALSE(sleep_unless_done(interrupt.context(), 20s));
  EXPECT_EQ(interrupt.signal(), SIGINT);
}

TEST(Interrupt, TheFirstSignalCounts) {
  const Interrupt interrupt;
  ::kill(::getpid(), SIGTERM);
  EXPECT_FALSE(sleep_unless_done(interrupt.context(), 20s));
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(interrupt.signal(), SIGTERM);
}

TEST(SleepUnlessDone, SleepsThroughUnderALiveContext) {
  auto [ctx, cancel] = with_cancel(background());
  EXPECT_TRUE(sleep_unless_done(ctx, 1ms));
  EXPECT_TRUE(sleep_unless_done(background(), 1ms));
  cancel();
  EXPECT_FALSE(sleep_unless_done(ctx, 20s));
}

}  // namespace
}  // namespace leakbench
