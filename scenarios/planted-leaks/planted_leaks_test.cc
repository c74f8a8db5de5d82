#include <gtest/gtest.h>

#include <string>

#include "runtime/task/sleep.h"
#include "runtime/testing/expect_no_leaked_tasks.h"
#include "scenarios/planted-leaks/leak_plan.h"
#include "scenarios/planted-leaks/server.h"
#include "scenarios/scenario_for_testing.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> answer(Handler handler) {
  // As the server does it: the request's context is done once the handler has returned.
  auto [ctx, cancel] = with_cancel(background());
  const Response response = co_await handler(ctx, Request());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ok");
}

void serve(TestScheduler& scheduler, const Handler& handler, int requests) {
  for (int i = 0; i < requests; ++i) scheduler.go(answer(handler), "request");
  scheduler.run_until_idle();
}

struct Kind {
  const char* name;
  const char* task;
  const char* waits_for;
};

class PlantedLeaks : public testing::TestWithParam<Kind> {};

TEST_P(PlantedLeaks, LeaveAsManyTasksOfEachThousandAsAskedForAndNoOther) {
  TestScheduler scheduler;
  const Handler handler =
      handler_of(planted_leaks, "leaking", {{"leaks-per-1000", "7"}, {"kind", GetParam().name}});
  for (int round = 1; round <= 3; ++round) {
    serve(scheduler, handler, 1'000);
    scheduler.advance(1min);
    EXPECT_EQ(scheduler.scheduler().live_tasks(), 7 * round);
  }
  const auto leaked = scheduler.scheduler().list_tasks(100);
  ASSERT_EQ(leaked.size(), 21u);
  for (const TaskInfo& task : leaked) {
    EXPECT_EQ(task.site.name, GetParam().task);
    EXPECT_TRUE(task.site.file.ends_with("scenarios/planted-leaks/server.cc")) << task.site.file;
    EXPECT_STREQ(to_string(task.waiting), GetParam().waits_for);
  }
}

TEST_P(PlantedLeaks, TheCleanTwinStartsTheSameTasksAndLeavesNone) {
  TestScheduler scheduler;
  const NoLeakedTasks no_leaks(scheduler);
  serve(scheduler,
        handler_of(planted_leaks, "clean", {{"leaks-per-1000", "7"}, {"kind", GetParam().name}}),
        1'000);
  scheduler.advance(1s);
  std::uint64_t started = 0;
  for (const SiteProfile& site : scheduler.scheduler().profile()) {
    if (site.site.name == GetParam().task) started += site.started;
  }
  EXPECT_EQ(started, 1'000u);
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, PlantedLeaks,
                         testing::Values(Kind{"channel-send", "send_result", "channel send"},
                                         Kind{"channel-receive", "read_jobs", "channel receive"},
                                         Kind{"select", "work_until_stopped", "select"},
                                         Kind{"mutex", "update", "mutex"},
                                         Kind{"wait-group", "wait_for_all", "wait group"},
                                         Kind{"context", "clean_up_after", "context"},
                                         Kind{"timer-loop", "report_now_and_then", "timer"}),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST(LeakPlan, AnyThousandRequestsInARowHaveExactlyAsManyLeaks) {
  for (const std::int64_t per_1000 : {0, 1, 3, 333, 999, 1'000}) {
    LeakPlan plan(per_1000 * 1'000);
    std::vector<bool> leaks;
    for (int i = 0; i < 5'000; ++i) leaks.push_back(plan.next_leaks());
    std::int64_t in_window = 0;
    for (std::size_t i = 0; i < leaks.size(); ++i) {
      in_window += leaks[i] ? 1 : 0;
      if (i >= 1'000) in_window -= leaks[i - 1'000] ? 1 : 0;
      if (i >= 999) {
        ASSERT_EQ(in_window, per_1000) << i;
      }
    }
  }
}

TEST(LeakPlan, FewerThanOneOfAThousandAreExactWhereTheyComeToAWholeNumber) {
  LeakPlan plan(100);
  for (int round = 0; round < 5; ++round) {
    int leaks = 0;
    for (int i = 0; i < 10'000; ++i) leaks += plan.next_leaks() ? 1 : 0;
    EXPECT_EQ(leaks, 1);
  }
}

}  // namespace
}  // namespace leakbench
