#include "runtime/task/sleep.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> sleeper(Context ctx, Duration duration, std::vector<std::string>* log) {
  const Failure stopped = co_await sleep_for(ctx, duration);
  log->push_back(stopped ? stopped.message() : "slept");
}

TEST(Sleep, EndsWhenItsTimeComes) {
  TestScheduler scheduler;
  std::vector<std::string> log;
  scheduler.go(sleeper(background(), 100ms, &log));
  scheduler.advance(99ms);
  EXPECT_TRUE(log.empty());
  scheduler.advance(2ms);
  EXPECT_EQ(log, (std::vector<std::string>{"slept"}));
}

TEST(Sleep, EndsAtOnceWhenItsContextIsCancelled) {
  TestScheduler scheduler;
  std::vector<std::string> log;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(sleeper(ctx, 1h, &log));
  scheduler.run_until_idle();
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(log, (std::vector<std::string>{"context canceled"}));
  EXPECT_EQ(scheduler.timers().next_deadline(), std::nullopt);
}

TEST(Sleep, UnderADoneContextDoesNotPark) {
  TestScheduler scheduler;
  std::vector<std::string> log;
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  scheduler.go(sleeper(ctx, 1h, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, (std::vector<std::string>{"context canceled"}));
}

TEST(Sleep, SaysWhetherADeadlineOrACancellationEndedIt) {
  TestScheduler scheduler;
  std::vector<std::string> log;
  auto [ctx, cancel] = with_timeout(background(), 2s, &scheduler.timers());
  scheduler.go(sleeper(ctx, 1h, &log));
  scheduler.advance(3s);
  EXPECT_EQ(log, (std::vector<std::string>{"context deadline exceeded"}));
}

TEST(Sleep, OfNoLengthOrLessLetsOthersRunAndReturns) {
  TestScheduler scheduler;
  std::vector<std::string> log;
  scheduler.go(sleeper(background(), 0s, &log));
  scheduler.go(sleeper(background(), -5s, &log));
  scheduler.go(sleeper(background(), Duration::min(), &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log.size(), 3u);
}

// The article's example: three workers tick every 500 ms under a 2 s timeout.
TEST(Sleep, ThreeTickingWorkersStopTogetherAtTheirDeadline) {
  TestScheduler scheduler;
  auto [ctx, cancel] = with_timeout(background(), 2s, &scheduler.timers());
  std::vector<int> ticks(3);
  std::vector<std::string> ends;
  for (int& count : ticks) {
    scheduler.go([](Context ctx, int* count, std::vector<std::string>* ends) -> task<> {
      while (true) {
        if (const Failure stopped = co_await sleep_for(ctx, 500ms)) {
          ends->push_back(stopped.message());
          co_return;
        }
        ++*count;
      }
    }(ctx, &count, &ends));
  }
  scheduler.advance(3s);
  for (const int count : ticks) EXPECT_EQ(count, 3);
  EXPECT_EQ(ends, std::vector<std::string>(3, "context deadline exceeded"));
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(Done, ParksUntilTheContextIsDone) {
  TestScheduler scheduler;
  std::string log;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go([](Context ctx, std::string* log) -> task<> {
    *log = (co_await done(ctx)).message();
  }(ctx, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "");
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled");
}

TEST(Yield, LetsTheOthersTakeTheirTurn) {
  TestScheduler scheduler;
  std::vector<int> order;
  for (int id : {1, 2}) {
    scheduler.go([](int id, std::vector<int>* order) -> task<> {
      order->push_back(id);
      co_await yield();
      order->push_back(id);
    }(id, &order));
  }
  scheduler.run_until_idle();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 1, 2}));
}

TEST(Sleep, OutsideATaskSaysSo) {
  EXPECT_THROW((void)sleep_for(background(), 1ms), std::logic_error);
}

}  // namespace
}  // namespace leakbench
