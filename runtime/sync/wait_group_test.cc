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

TEST(WaitGroup, WaitsUntilEverybodyIsDone) {
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

TEST(WaitGroup, OfNobodyDoesNotPark) {
  TestScheduler scheduler;
  wait_group group;
  std::string log;
  scheduler.go(wait_and_log(background(), &group, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "all done");
}

TEST(WaitGroup, StopsWaitingWhenItsContextIsDone) {
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

TEST(WaitGroup, BelowZeroIsAProgrammingError) {
  wait_group group;
  EXPECT_THROW(group.done(), std::logic_error);
}

}  // namespace
}  // namespace leakbench
