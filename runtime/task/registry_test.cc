// The registry's counters against what was really started, on four workers at once.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 3;
constexpr int kEach = 400;  // tasks each thread starts

task<> ends_at_once() { co_return; }

task<> waits(Context ctx) { (void)co_await done(ctx); }

task<> sleeps(Context ctx) { (void)co_await sleep_for(ctx, 1h); }

// Starts one task that ends, one that waits and one that sleeps, and waits itself.
task<> starts_others(Context ctx) {
  go(ends_at_once(), "ends");
  go(waits(ctx), "waits");
  co_await yield();
  go(sleeps(ctx), "sleeps");
  (void)co_await done(ctx);
}

struct Expected {
  std::uint64_t started = 0;
  std::int64_t live = 0;
  WaitReason reason = WaitReason::kNone;
};

void start_from_many_threads(Scheduler& scheduler, const Context& ctx) {
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        scheduler.go(starts_others(ctx), "outer");
        scheduler.go(ends_at_once(), "ends from outside");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Registry, CountersListAndLiveTasksAgreeOnFourWorkersAndEndAtZero) {
  constexpr std::int64_t kAll = kThreads * kEach;
  const std::map<std::string, Expected> expected{
      {"outer", {kAll, kAll, WaitReason::kContext}},
      {"waits", {kAll, kAll, WaitReason::kContext}},
      {"sleeps", {kAll, kAll, WaitReason::kTimer}},
      {"ends", {kAll, 0, WaitReason::kNone}},
      {"ends from outside", {kAll, 0, WaitReason::kNone}},
  };
  Scheduler scheduler({.workers = 4});
  auto [ctx, cancel] = with_cancel(background());
  start_from_many_threads(scheduler, ctx);
  const auto parked = [&] {
    std::int64_t waiting = 0;
    for (const SiteProfile& site : scheduler.profile()) {
      for (const auto& [reason, count] : site.waits) {
        if (reason != WaitReason::kNone) waiting += count;
      }
    }
    return waiting == 3 * kAll && scheduler.live_tasks() == 3 * kAll;
  };
  ASSERT_TRUE(eventually(parked));

  std::int64_t live = 0;
  for (const SiteProfile& site : scheduler.profile()) {
    SCOPED_TRACE(site.site.name);
    const Expected& want = expected.at(site.site.name);
    EXPECT_EQ(site.started, want.started);
    EXPECT_EQ(site.live, want.live);
    if (want.live > 0) {
      EXPECT_EQ(site.waits, (decltype(site.waits){{want.reason, want.live}}));
    } else {
      EXPECT_TRUE(site.waits.empty());
    }
    live += site.live;
  }
  EXPECT_EQ(live, scheduler.live_tasks());

  std::set<std::uint64_t> ids;
  std::map<std::string, std::int64_t> listed;
  for (const TaskInfo& info : scheduler.list_tasks(10'000)) {
    ids.insert(info.id);
    ++listed[info.site.name];
    EXPECT_EQ(info.waiting, expected.at(info.site.name).reason);
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(3 * kAll));  // and so no id stands for two
  for (const char* name : {"outer", "waits", "sleeps"}) EXPECT_EQ(listed[name], kAll) << name;

  cancel();
  ASSERT_TRUE(eventually([&] { return scheduler.live_tasks() == 0; }));
  EXPECT_TRUE(scheduler.list_tasks(10).empty());
  for (const SiteProfile& site : scheduler.profile()) {
    EXPECT_EQ(site.live, 0) << site.site.name;
    EXPECT_TRUE(site.waits.empty()) << site.site.name;
    EXPECT_EQ(site.started, static_cast<std::uint64_t>(kAll)) << site.site.name;
  }
}

TEST(Registry, CountsATaskFromTheMomentItIsStartedUntilItIsGone) {
  Scheduler scheduler({.workers = 4, .threads = false});
  for (int started = 1; started <= 20; ++started) {
    scheduler.go(ends_at_once());
    EXPECT_EQ(scheduler.live_tasks(), started);
  }
  while (scheduler.turn()) {
  }
  EXPECT_EQ(scheduler.live_tasks(), 0);
}

TEST(Registry, ReadWhileTasksComeAndGoItNeverTellsOfMoreThanWereStarted) {
  std::atomic<bool> stop{false};
  Scheduler scheduler({.workers = 4});
  std::thread reader([&] {
    while (!stop) {
      for (const SiteProfile& site : scheduler.profile()) {
        EXPECT_LE(site.started, static_cast<std::uint64_t>(kThreads * kEach));
      }
      for (const TaskInfo& info : scheduler.list_tasks(5)) EXPECT_NE(info.id, 0u);
    }
  });
  auto [ctx, cancel] = with_cancel(background());
  start_from_many_threads(scheduler, ctx);
  cancel();
  EXPECT_TRUE(eventually([&] { return scheduler.live_tasks() == 0; }));
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace leakbench
