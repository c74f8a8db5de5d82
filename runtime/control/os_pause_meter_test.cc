#include "runtime/control/os_pause_meter.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(Beats, OneThatIsInTimeStandsForItself) {
  Beats beats;
  const TimePoint due{1h};
  EXPECT_EQ(beats.record(due, due + 20us), due + 1ms);
  EXPECT_EQ(beats.lateness().count(), 1u);
  EXPECT_EQ(beats.lateness().max(), Duration(20us).count());
}

TEST(Beats, OneThatIsLateStandsForThoseItHeldUp) {
  Beats beats;
  const TimePoint due{1h};
  EXPECT_EQ(beats.record(due, due + 5ms), due + 6ms);  // late by 5, 4, 3, 2, 1 and 0 ms
  EXPECT_EQ(beats.lateness().count(), 6u);
  EXPECT_EQ(beats.lateness().max(), Duration(5ms).count());
}

TEST(Beats, OneThatIsEarlyIsStillDue) {
  Beats beats;
  const TimePoint due{1h};
  EXPECT_EQ(beats.record(due, due - 1us), due);
  EXPECT_EQ(beats.lateness().count(), 0u);
}

TEST(OsPauseMeter, BeatsOnceAMillisecond) {
  const SteadyClock clock;
  const TimePoint before = clock.now();
  const OsPauseMeter meter;
  while (meter.snapshot().count() < 20) {
    ASSERT_LT(clock.now(), before + 20s);
    std::this_thread::yield();
  }
  const auto most = (clock.now() - before) / Beats::kInterval;
  EXPECT_LE(meter.snapshot().count(), static_cast<std::uint64_t>(most) + 1);
  EXPECT_GE(*meter.snapshot().max(), 0);
}

}  // namespace
}  // namespace leakbench
