#include "runtime/task/profile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> wait_for(Context ctx) { (void)co_await done(ctx); }

task<> sleep_then_wait(Context ctx) {
  (void)co_await sleep_for(ctx, 10s);
  (void)co_await done(ctx);
}

SiteProfile profile_named(Scheduler& scheduler, const std::string& name) {
  for (auto& site : scheduler.profile()) {
    if (site.site.name == name) return site;
  }
  ADD_FAILURE() << "no site named " << name;
  return {};
}

using Waits = std::vector<std::pair<WaitReason, std::int64_t>>;

TEST(Profile, CountsTasksBySiteAndByWhatTheyWaitFor) {
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  for (int i = 0; i < 5; ++i) scheduler.go(wait_for(ctx), "waiter");
  for (int i = 0; i < 3; ++i) scheduler.go(sleep_then_wait(ctx), "sleeper");
  EXPECT_EQ(profile_named(scheduler.scheduler(), "waiter").waits, (Waits{{WaitReason::kNone, 5}}));
  scheduler.run_until_idle();
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 8);
  EXPECT_EQ(profile_named(scheduler.scheduler(), "waiter").waits,
            (Waits{{WaitReason::kContext, 5}}));
  EXPECT_EQ(profile_named(scheduler.scheduler(), "sleeper").waits,
            (Waits{{WaitReason::kTimer, 3}}));
  scheduler.advance(11s);
  EXPECT_EQ(profile_named(scheduler.scheduler(), "sleeper").waits,
            (Waits{{WaitReason::kContext, 3}}));
  cancel();
  scheduler.run_until_idle();
  const auto profile = profile_named(scheduler.scheduler(), "waiter");
  EXPECT_EQ(profile.live, 0);
  EXPECT_EQ(profile.started, 5u);
  EXPECT_TRUE(profile.waits.empty());
}

TEST(Profile, NamesTheSpawnSiteAndTheWaitSiteOfEachTask) {
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  const auto line = std::source_location::current().line() + 1;
  scheduler.go(wait_for(ctx), "waiter");
  scheduler.advance(7s);
  const auto tasks = scheduler.scheduler().list_tasks(10);
  ASSERT_EQ(tasks.size(), 1u);
  EXPECT_EQ(tasks[0].site.line, line);
  EXPECT_NE(tasks[0].site.file.find("profile_test.cc"), std::string::npos);
  EXPECT_EQ(tasks[0].waiting, WaitReason::kContext);
  EXPECT_NE(tasks[0].wait_file.find("profile_test.cc"), std::string::npos);
  EXPECT_EQ(tasks[0].waiting_for, 7s);
  EXPECT_EQ(tasks[0].age, 7s);
  EXPECT_EQ(tasks[0].parent_id, 0u);
}

TEST(Profile, KnowsTheParentOfATaskStartedByATask) {
  TestScheduler scheduler;
  scheduler.go(
      []() -> task<> {
        go(wait_for(background()), "child");
        co_await done(background());
      }(),
      "parent");
  scheduler.run_until_idle();
  std::uint64_t parent = 0, child_of = 1;
  for (const auto& info : scheduler.scheduler().list_tasks(10)) {
    if (info.site.name == "parent") parent = info.id;
    if (info.site.name == "child") child_of = info.parent_id;
  }
  EXPECT_EQ(child_of, parent);
}

task<> starts_a_child() {
  go(wait_for(background()), "child");
  co_return;
}

TEST(Profile, NamesTheFunctionAsItWasWritten) {
  TestScheduler scheduler;
  scheduler.go(starts_a_child());
  scheduler.run_until_idle();
  const std::string function = profile_named(scheduler.scheduler(), "child").site.function;
  EXPECT_TRUE(function.ends_with("starts_a_child")) << function;
}

TEST(Profile, SystemTasksAreNotLiveTasks) {
  TestScheduler scheduler;
  scheduler.scheduler().start(wait_for(background()), "listener", TaskKind::kSystem,
                              std::source_location::current());
  scheduler.run_until_idle();
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
  EXPECT_EQ(profile_named(scheduler.scheduler(), "listener").live, 1);
}

TEST(Profile, ListsNoMoreThanAsked) {
  TestScheduler scheduler;
  for (int i = 0; i < 20; ++i) scheduler.go(wait_for(background()));
  scheduler.run_until_idle();
  EXPECT_EQ(scheduler.scheduler().list_tasks(7).size(), 7u);
}

}  // namespace
}  // namespace leakbench
