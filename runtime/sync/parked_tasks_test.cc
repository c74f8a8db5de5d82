// Tasks parked at every kind of wait: the registry names each, and their scheduler destroys them.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <source_location>
#include <string>
#include <utility>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/mutex.h"
#include "runtime/sync/select.h"
#include "runtime/sync/ticker.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// Counts how many of it are alive: one in each frame.
class Alive {
 public:
  explicit Alive(std::atomic<int>* count) : count_(count) { ++*count_; }
  Alive(Alive&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  ~Alive() {
    if (count_ != nullptr) --*count_;
  }

 private:
  std::atomic<int>* count_;
};

// What the tasks wait on; none of it ever comes.
struct Places {
  Places() { group.add(); }

  channel<int> sending, receiving, either;
  wait_group group;
  mutex locked;
  MutexLock lock = locked.try_lock();
};

std::uint32_t line_of(std::source_location location = std::source_location::current()) {
  return location.line();
}

struct WaitPlace {
  WaitReason reason;
  std::uint32_t line;
};

// Where each kind of task waits: each says so one line before it does.
class WaitPlaces {
 public:
  void add(const std::string& kind, WaitReason reason,
           std::source_location location = std::source_location::current()) {
    std::lock_guard guard(mutex_);
    places_[kind] = {reason, location.line() + 1};
  }
  WaitPlace at(const std::string& kind) {
    std::lock_guard guard(mutex_);
    return places_.at(kind);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, WaitPlace> places_;
};
WaitPlaces wait_places;

task<> sleeps(Context ctx, Alive) {
  wait_places.add("sleeps", WaitReason::kTimer);
  (void)co_await sleep_for(ctx, 1h);
}
task<> waits_for_context(Context ctx, Alive) {
  wait_places.add("waits for context", WaitReason::kContext);
  (void)co_await done(ctx);
}
task<> sends(Context ctx, Alive, Places* places) {
  wait_places.add("sends", WaitReason::kChannelSend);
  (void)co_await places->sending.send(ctx, 1);
}
task<> receives(Context ctx, Alive, Places* places) {
  wait_places.add("receives", WaitReason::kChannelReceive);
  (void)co_await places->receiving.receive(ctx);
}
task<> waits_for_a_tick(Context ctx, Alive) {
  ticker t(1h);
  wait_places.add("waits for a tick", WaitReason::kChannelReceive);
  (void)co_await t.ticks().receive(ctx);
}
task<> selects(Context ctx, Alive, Places* places) {
  std::optional<int> out;
  wait_places.add("selects", WaitReason::kSelect);
  (void)co_await select(ctx, on_receive(places->either, out), on_timeout(1h));
}
task<> waits_for_group(Context ctx, Alive, Places* places) {
  wait_places.add("waits for group", WaitReason::kWaitGroup);
  (void)co_await places->group.wait(ctx);
}
task<> locks(Context ctx, Alive, Places* places) {
  wait_places.add("locks", WaitReason::kMutex);
  const MutexLock lock = co_await places->locked.lock(ctx);
}
task<> awaits_another(Context ctx, Alive alive) { co_await sleeps(ctx, std::move(alive)); }

constexpr std::size_t kKinds = 9;

WaitPlace place_of(const std::string& kind) {
  return wait_places.at(kind == "awaits another" ? "sleeps" : kind);
}

// Waits, with a bound, until that many tasks are parked.
bool all_parked(Scheduler& scheduler, std::size_t count) {
  return eventually([&] {
    const auto tasks = scheduler.list_tasks(2 * count);
    const auto parked = std::count_if(tasks.begin(), tasks.end(), [](const TaskInfo& info) {
      return info.waiting != WaitReason::kNone;
    });
    return static_cast<std::size_t>(parked) == count;
  });
}

// One task of each kind; each is started at the line behind the first.
template <typename Starter>
std::uint32_t start_all(Starter& starter, const Context& ctx, Places* places,
                        std::atomic<int>* alive) {
  const std::uint32_t line = line_of() + 1;
  starter.go(sleeps(ctx, Alive(alive)), "sleeps");
  starter.go(waits_for_context(ctx, Alive(alive)), "waits for context");
  starter.go(sends(ctx, Alive(alive), places), "sends");
  starter.go(receives(ctx, Alive(alive), places), "receives");
  starter.go(waits_for_a_tick(ctx, Alive(alive)), "waits for a tick");
  starter.go(selects(ctx, Alive(alive), places), "selects");
  starter.go(waits_for_group(ctx, Alive(alive), places), "waits for group");
  starter.go(locks(ctx, Alive(alive), places), "locks");
  starter.go(awaits_another(ctx, Alive(alive)), "awaits another");
  return line;
}

TEST(ParkedTasks, AreNamedWithTheirSpawnSiteReasonWaitSiteAgesAndFrames) {
  Places places;
  std::atomic<int> alive{0};
  TestScheduler scheduler;
  std::uint32_t spawn_line = start_all(scheduler, background(), &places, &alive);
  scheduler.advance(1'234ms);
  const auto tasks = scheduler.scheduler().list_tasks(100);
  ASSERT_EQ(tasks.size(), kKinds);
  for (const TaskInfo& info : tasks) {  // in the order they were started
    SCOPED_TRACE(info.site.name);
    EXPECT_TRUE(info.site.file.ends_with("parked_tasks_test.cc")) << info.site.file;
    EXPECT_EQ(info.site.line, spawn_line++);
    EXPECT_NE(info.site.function.find("start_all"), std::string::npos) << info.site.function;
    EXPECT_EQ(info.site.kind, TaskKind::kApplication);
    const WaitPlace place = place_of(info.site.name);
    EXPECT_EQ(info.waiting, place.reason) << to_string(info.waiting);
    EXPECT_TRUE(info.wait_file.ends_with("parked_tasks_test.cc")) << info.wait_file;
    EXPECT_EQ(info.wait_line, place.line);
    EXPECT_EQ(info.age, 1'234ms);
    EXPECT_EQ(info.waiting_for, 1'234ms);
    EXPECT_GT(info.frame_bytes, sizeof(Context) + sizeof(Alive));
    EXPECT_NE(info.id, 0u);
  }
  for (const SiteProfile& profile : scheduler.scheduler().profile()) {
    const WaitReason reason = place_of(profile.site.name).reason;
    EXPECT_EQ(profile.waits, (decltype(profile.waits){{reason, 1}})) << profile.site.name;
  }
}

TEST(ParkedTasks, AreDestroyedWithTheirScheduler) {
  for (const std::size_t workers : {1u, 4u}) {
    Places places;
    std::atomic<int> alive{0};
    auto [ctx, cancel] = with_cancel(background());
    {
      Scheduler scheduler({.workers = workers});
      for (int i = 0; i < 20; ++i) start_all(scheduler, ctx, &places, &alive);
      EXPECT_TRUE(all_parked(scheduler, 20 * kKinds));
      EXPECT_EQ(alive, 20 * static_cast<int>(kKinds));
    }
    EXPECT_EQ(alive, 0);
    // Nothing of the dead tasks may still be registered anywhere.
    cancel();
    places.group.done();
    places.lock.unlock();
    EXPECT_TRUE(places.locked.try_lock());
    for (const channel<int>& ch : {places.sending, places.receiving, places.either}) ch.close();
  }
}

TEST(ParkedTasks, EndTogetherWhenTheirContextDoes) {
  Places places;
  std::atomic<int> alive{0};
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  start_all(scheduler, ctx, &places, &alive);
  scheduler.run_until_idle();
  EXPECT_EQ(scheduler.scheduler().live_tasks(), static_cast<std::int64_t>(kKinds));
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(scheduler.timers().next_deadline(), std::nullopt);
  for (const SiteProfile& profile : scheduler.scheduler().profile()) {
    EXPECT_TRUE(profile.waits.empty()) << profile.site.name;
  }
}

}  // namespace
}  // namespace leakbench
