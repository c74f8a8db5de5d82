#include "runtime/sync/wait_group.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> wait_and_log(Context ctx, wait_group* group, std::string* log) {
  const Failure failure = co_await group->wait(ctx);
  *log += failure ? failure.message() : "all done";
}

TEST(WaitGroupConformance, WaitsUntilEverybodyIsDone) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  for (const auto duration : {10ms, 20ms, 30ms}) {
    group.add();
    scheduler.go([](Duration duration, wait_group* group) -> task<> {
      (void)co_await sleep_for(background(), duration);
      group->done();
    }(duration, &group));
  }
  scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.advance(25ms);
  EXPECT_EQ(log, "");
  scheduler.advance(10ms);
  EXPECT_EQ(log, "all done");
}

TEST(WaitGroupConformance, OfNobodyDoesNotPark) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "all done");
}

TEST(WaitGroupConformance, StopsWaitingWhenItsContextIsDone) {
  TestScheduler scheduler;
  wait_group group;
  group.add();
  std::string log;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(wait_and_log(ctx, &group, &log));
  scheduler.run_until_idle();
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled");
  group.done();  // nobody waits any more
}

TEST(WaitGroupConformance, BelowZeroIsAProgrammingError) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  EXPECT_THROW(group.done(), std::logic_error);
  group.add(2);
  EXPECT_THROW(group.add(-3), std::logic_error);
  group.add(-2);  // the failed calls changed nothing
  scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "all done");
}

TEST(WaitGroupConformance, WakesEveryoneWhoWaits) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  group.add(2);
  for (int i = 0; i < 3; ++i) scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.run_until_idle();
  group.done();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "");
  group.done();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "all doneall doneall done");
}

TEST(WaitGroupConformance, IsReusedOnceItHasReachedZero) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  for (int round = 0; round < 3; ++round) {
    log.clear();
    group.add();
    scheduler.go(wait_and_log(background(), &group, &log));
    scheduler.run_until_idle();
    EXPECT_EQ(log, "");
    group.done();
    scheduler.run_until_idle();
    EXPECT_EQ(log, "all done");
  }
}

TEST(WaitGroupConformance, WhoWasWokenDoesNotWaitForTheNextRound) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  group.add();
  scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.run_until_idle();
  group.done();
  group.add();  // before the waiter has had its turn
  scheduler.run_until_idle();
  EXPECT_EQ(log, "all done");
  group.done();
}

TEST(WaitGroupConformance, ADoneContextDoesNotWaitAndDoesNotSayAllDone) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  scheduler.go(wait_and_log(ctx, &group, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled");
}

TEST(WaitGroupConformance, MayLiveInTheFrameThatWaits) {
  TestScheduler scheduler;
  std::string log;
  scheduler.go([](std::string* log) -> task<> {
    wait_group group;
    group.add(2);
    for (int id = 1; id <= 2; ++id) {
      go([](int id, wait_group* group, std::string* log) -> task<> {
        co_await yield();
        *log += std::to_string(id) + ";";
        group->done();
      }(id, &group, log));
    }
    (void)co_await group.wait(background());
    *log += "end";
  }(&log));
  scheduler.run_until_idle();
  EXPECT_EQ(log.size(), std::string("1;2;end").size());
  EXPECT_TRUE(log.ends_with("end")) << log;
}

TEST(WaitGroupConformance, GoCountsATaskUntilItEndsHoweverItEnds) {
  TestScheduler scheduler(
      Scheduler::Options{.on_unhandled_exception = [](const TaskInfo&, std::exception_ptr) {}});
  wait_group group;
  std::string log;
  scheduler.go([](wait_group* group, std::string* log) -> task<> {
    group->go([](std::string* log) -> task<> {
      co_await yield();
      *log += "one;";
    }(log));
    group->go([]() -> task<> {
      throw std::runtime_error("disk full");
      co_return;
    }());
    (void)co_await group->wait(background());
    *log += "end";
  }(&group, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "one;end");
  EXPECT_EQ(scheduler.scheduler().unhandled_exceptions(), 1u);
}

}  // namespace
}  // namespace leakbench
