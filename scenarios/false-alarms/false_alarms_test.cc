#include <gtest/gtest.h>

#include "runtime/task/test_scheduler.h"
#include "scenarios/false-alarms/server.h"
#include "scenarios/scenario_for_testing.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> ask(Handler handler) {
  auto [ctx, cancel] = with_cancel(background());
  EXPECT_EQ((co_await handler(ctx, Request())).body, "ok");
}

std::int64_t live_after(TestScheduler& scheduler, const Handler& handler, int requests) {
  for (int i = 0; i < requests; ++i) scheduler.go(ask(handler), "request");
  scheduler.run_until_idle();
  return scheduler.scheduler().live_tasks();
}

TEST(FalseAlarms, ThePoolGrowsWithTheLoadToItsSizeAndStays) {
  TestScheduler scheduler;
  const Handler handler =
      handler_of(false_alarms, "pool", {{"pool-size", "3"}, {"requests-per-worker", "10"}});
  EXPECT_EQ(live_after(scheduler, handler, 1), 1);
  EXPECT_EQ(live_after(scheduler, handler, 10), 2);
  EXPECT_EQ(live_after(scheduler, handler, 100), 3);
  EXPECT_EQ(live_after(scheduler, handler, 100), 3);
}

TEST(FalseAlarms, SlowTasksOutliveTheirRequestsAndEnd) {
  TestScheduler scheduler;
  const Handler handler = handler_of(false_alarms, "slow-drain", {{"drain", "3s"}});
  EXPECT_EQ(live_after(scheduler, handler, 50), 50);
  scheduler.advance(4s);
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(FalseAlarms, TheCacheHasOneTaskHoweverManyEntries) {
  TestScheduler scheduler;
  const Handler handler = handler_of(false_alarms, "cache", {{"entry-bytes", "1"}});
  EXPECT_EQ(live_after(scheduler, handler, 100), 1);
  EXPECT_EQ(live_after(scheduler, handler, 100), 1);
}

}  // namespace
}  // namespace leakbench
