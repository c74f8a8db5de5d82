#include "runtime/sync/ticker.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/sync/select.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class TickerConformance : public testing::Test {
 protected:
  // Writes down when each tick was received, in milliseconds from the start of the test.
  void start_reader(const ticker& t, Duration pause = {}) {
    scheduler_.go([](channel<TimePoint> ticks, Duration pause, TickerConformance* test) -> task<> {
      while (auto tick = co_await ticks.receive(background())) {
        test->ticks_.push_back(test->milliseconds(*tick.value));
        if (pause > 0s) (void)co_await sleep_for(background(), pause);
      }
    }(t.ticks(), pause, this));
    scheduler_.run_until_idle();
  }
  // To the nearest: timers fire up to TimerQueue::kTick late.
  long milliseconds(TimePoint time) const {
    return std::chrono::round<std::chrono::milliseconds>(time - start_).count();
  }

  TestScheduler scheduler_;
  TimePoint start_ = scheduler_.clock().now();
  std::vector<long> ticks_;
};

TEST_F(TickerConformance, TicksEveryPeriodFromTheFirstOn) {
  ticker t(100ms, &scheduler_.timers());
  start_reader(t);
  scheduler_.advance(99ms);
  EXPECT_TRUE(ticks_.empty());
  scheduler_.advance(302ms);
  EXPECT_EQ(ticks_, (std::vector<long>{100, 200, 300, 400}));
}

TEST_F(TickerConformance, DoesNotDriftHoweverLateItsTimerFires) {
  // Not a multiple of the timers' resolution, so that each tick is a little late.
  ticker t(1'000'001ns, &scheduler_.timers());
  start_reader(t);
  scheduler_.advance(1s);
  ASSERT_EQ(ticks_.size(), 999u);
  EXPECT_EQ(ticks_.back(), 999);
}

TEST_F(TickerConformance, DropsTheTicksThatASlowReaderDoesNotFetch) {
  ticker t(100ms, &scheduler_.timers());
  scheduler_.advance(1'050ms);
  EXPECT_EQ(t.ticks().size(), 1u);
  start_reader(t, 250ms);
  EXPECT_EQ(ticks_, (std::vector<long>{100}));  // the first that waited, not the last
  scheduler_.advance(1'010ms);
  // Read at 1050, 1300, 1550, 1800 and 2050: each finds the first tick since it read last.
  EXPECT_EQ(ticks_, (std::vector<long>{100, 1100, 1400, 1600, 1900}));
}

TEST_F(TickerConformance, CatchesUpWithALeapOfTheClockInOneTick) {
  ticker t(100ms, &scheduler_.timers());
  start_reader(t);
  scheduler_.clock().advance(1'030ms);
  scheduler_.run_until_idle();
  EXPECT_EQ(ticks_, (std::vector<long>{1'030}));
  scheduler_.advance(100ms);
  EXPECT_EQ(ticks_, (std::vector<long>{1'030, 1'100}));  // and keeps its step
}

TEST_F(TickerConformance, NeedsAPositivePeriod) {
  EXPECT_THROW(ticker(0ns, &scheduler_.timers()), std::invalid_argument);
  EXPECT_THROW(ticker(-1s, &scheduler_.timers()), std::invalid_argument);
  ticker t(1s, &scheduler_.timers());
  EXPECT_THROW(t.reset(0ns), std::invalid_argument);
  start_reader(t);
  scheduler_.advance(1'001ms);
  EXPECT_EQ(ticks_, (std::vector<long>{1'000}));  // the failed reset changed nothing
}

TEST_F(TickerConformance, AnEnormousPeriodNeverComes) {
  ticker t(Duration::max(), &scheduler_.timers());
  start_reader(t);
  scheduler_.advance(24h);
  EXPECT_TRUE(ticks_.empty());
}

TEST_F(TickerConformance, StoppedItTicksNoMoreAndDoesNotClose) {
  ticker t(100ms, &scheduler_.timers());
  start_reader(t);
  scheduler_.advance(150ms);
  t.stop();
  t.stop();
  scheduler_.advance(1s);
  EXPECT_EQ(ticks_, (std::vector<long>{100}));
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);  // the reader waits, as in Go
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
}

TEST_F(TickerConformance, StopTakesBackATickThatWaits) {
  ticker t(100ms, &scheduler_.timers());
  scheduler_.advance(150ms);
  t.stop();
  start_reader(t);
  EXPECT_TRUE(ticks_.empty());
}

TEST_F(TickerConformance, ResetTakesBackATickThatWaitsAndStartsAnewFromNow) {
  ticker t(100ms, &scheduler_.timers());
  scheduler_.advance(150ms);
  t.reset(40ms);
  start_reader(t);
  EXPECT_TRUE(ticks_.empty());
  scheduler_.advance(90ms);
  EXPECT_EQ(ticks_, (std::vector<long>{190, 230}));
  t.reset(1s);
  scheduler_.advance(1'001ms);
  EXPECT_EQ(ticks_, (std::vector<long>{190, 230, 1'240}));
}

TEST_F(TickerConformance, ResetStartsAStoppedOne) {
  ticker t(100ms, &scheduler_.timers());
  t.stop();
  t.reset(100ms);
  start_reader(t);
  scheduler_.advance(101ms);
  EXPECT_EQ(ticks_, (std::vector<long>{100}));
}

TEST_F(TickerConformance, IsACaseOfASelect) {
  ticker t(100ms, &scheduler_.timers());
  auto [ctx, cancel] = with_timeout(background(), 350ms, &scheduler_.timers());
  std::string log;
  scheduler_.go([](Context ctx, channel<TimePoint> ticks, std::string* log) -> task<> {
    channel<int> never;
    std::optional<TimePoint> tick;
    std::optional<int> number;
    while (true) {
      const Selected chosen =
          co_await select(ctx, on_receive(never, number), on_receive(ticks, tick));
      if (chosen.failure) break;
      *log += chosen.index == 1 && tick ? "tick;" : "?";
    }
    *log += ctx.err().message();
  }(ctx, t.ticks(), &log));
  scheduler_.advance(1s);
  EXPECT_EQ(log, "tick;tick;tick;context deadline exceeded");
}

TEST_F(TickerConformance, DestroyedItLeavesNoTimerBehind) {
  auto t = std::make_unique<ticker>(100ms, &scheduler_.timers());
  const channel<TimePoint> ticks = t->ticks();
  scheduler_.advance(150ms);
  t.reset();
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
  EXPECT_EQ(ticks.size(), 0u);
}

TEST(Ticker, UsesTheTimersOfItsTasksWorkerUnlessGivenOthers) {
  EXPECT_THROW(ticker(1s), std::logic_error);
  TestScheduler scheduler;
  int ticks = 0;
  scheduler.go([](int* ticks) -> task<> {
    ticker t(1s);
    for (; *ticks < 3; ++*ticks) (void)co_await t.ticks().receive(background());
  }(&ticks));
  scheduler.advance(10s);
  EXPECT_EQ(ticks, 3);
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(Ticker, OutlivesTheSchedulerItTickedOn) {
  std::unique_ptr<ticker> t;
  {
    TestScheduler scheduler;
    t = std::make_unique<ticker>(1s, &scheduler.timers());
  }
  t->stop();
  EXPECT_EQ(t->ticks().size(), 0u);
}

}  // namespace
}  // namespace leakbench
