#include "runtime/control/pause_meter.h"

#include <gtest/gtest.h>

#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(PauseMeter, BeatsOnceAMillisecond) {
  TestScheduler scheduler;
  const PauseMeter meter(scheduler.scheduler());
  scheduler.advance(100ms);
  EXPECT_GE(meter.snapshot().count(), 99u);
  EXPECT_LE(meter.snapshot().count(), 100u);
  EXPECT_LE(*meter.snapshot().max(), Duration(TimerQueue::kTick).count());
}

TEST(PauseMeter, AWorkerThatIsHeldUpShowsInEveryBeatItMissed) {
  TestScheduler scheduler;
  const PauseMeter meter(scheduler.scheduler());
  scheduler.advance(10ms);
  scheduler.clock().advance(50ms);  // nothing runs meanwhile
  scheduler.run_until_idle();
  const Histogram lateness = meter.snapshot();
  EXPECT_GE(*lateness.max(), Duration(48ms).count());
  EXPECT_LE(*lateness.max(), Duration(50ms).count());
  EXPECT_GE(lateness.count(), 58u);  // the ten before, and all that were missed
  // The missed beats are late by 49, 48, ... 1 ms: their median is about the half of it.
  EXPECT_NEAR(static_cast<double>(*lateness.percentile(58)), 24e6, 6e6);
}

TEST(PauseMeter, StopsItsBeatsWhenItGoes) {
  TestScheduler scheduler;
  { const PauseMeter meter(scheduler.scheduler()); }
  scheduler.run_until_idle();
  EXPECT_TRUE(scheduler.scheduler().list_tasks(10).empty());
}

}  // namespace
}  // namespace leakbench
