#include "harness/run/waiting_clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(SteadyWaitingClock, WaitsUntilTheTimeHasCome) {
  const SteadyWaitingClock clock;
  const TimePoint time = clock.now() + 5ms;
  EXPECT_TRUE(clock.wait_until(time, {}));
  EXPECT_GE(clock.now(), time);
  EXPECT_TRUE(clock.wait_until(time, {}));
}

TEST(SteadyWaitingClock, StopsAtOnceHoweverLongTheWait) {
  const SteadyWaitingClock clock;
  const TimePoint begun = clock.now();
  bool came = true;
  std::jthread waiter([&](std::stop_token stop) { came = clock.wait_until(begun + 1h, stop); });
  waiter.request_stop();
  waiter.join();
  EXPECT_FALSE(came);
  EXPECT_LT(clock.now(), begun + 20s);
}

}  // namespace
}  // namespace leakbench
