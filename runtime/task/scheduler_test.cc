#include "runtime/task/scheduler.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/task/after_func.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<int> answer() { co_return 42; }

task<> count(std::atomic<int>* counter) {
  counter->fetch_add(1);
  co_return;
}

// Counts how many of it are alive, to see that frames are destroyed.
class Alive {
 public:
  explicit Alive(std::atomic<int>* count) : count_(count) { count_->fetch_add(1); }
  Alive(Alive&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  ~Alive() {
    if (count_ != nullptr) count_->fetch_sub(1);
  }

 private:
  std::atomic<int>* count_;
};

TEST(Scheduler, RunsATaskAndReturnsItsResult) {
  Scheduler scheduler({.workers = 2});
  EXPECT_EQ(scheduler.run(answer()), 42);
}

TEST(Scheduler, RunRethrows) {
  Scheduler scheduler({});
  EXPECT_THROW(scheduler.run([]() -> task<> {
    throw std::runtime_error("boom");
    co_return;
  }()),
               std::runtime_error);
}

TEST(Scheduler, NeedsAWorker) { EXPECT_THROW(Scheduler({.workers = 0}), std::invalid_argument); }

TEST(Scheduler, GoOutsideATaskSaysWhatToUse) {
  std::atomic<int> counter{0};
  EXPECT_THROW(go(count(&counter)), std::logic_error);
}

TEST(Scheduler, CountsAreExactUnderConcurrentSpawnAndExit) {
  constexpr int kThreads = 3, kEach = 3'000;
  Scheduler scheduler({.workers = 4});
  std::atomic<int> counter{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        scheduler.go(
            [](std::atomic<int>* counter) -> task<> {
              go(count(counter), "inner");
              co_await yield();
              counter->fetch_add(1);
            }(&counter),
            "outer");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_TRUE(eventually([&] { return counter == 2 * kThreads * kEach; }));
  EXPECT_TRUE(eventually([&] { return scheduler.live_tasks() == 0; }));
  std::uint64_t started = 0;
  for (const auto& site : scheduler.profile()) {
    started += site.started;
    EXPECT_EQ(site.live, 0);
  }
  EXPECT_EQ(started, static_cast<std::uint64_t>(2 * kThreads * kEach));
}

TEST(Scheduler, DestroyingItDestroysEveryParkedFrame) {
  std::atomic<int> alive{0};
  auto [ctx, cancel] = with_cancel(background());
  {
    Scheduler scheduler({.workers = 2});
    for (int i = 0; i < 200; ++i) {
      scheduler.go(
          [](Context ctx, Alive) -> task<> { co_await sleep_for(ctx, 1h); }(ctx, Alive(&alive)));
      scheduler.go([](Context ctx, Alive) -> task<> { co_await done(ctx); }(ctx, Alive(&alive)));
      scheduler.go([](Alive) -> task<> {
        co_await []() -> task<> { co_await done(background()); }();
      }(Alive(&alive)));
    }
    EXPECT_EQ(alive, 600);
    EXPECT_TRUE(eventually([&] { return scheduler.list_tasks(1'000).size() == 600; }));
  }
  EXPECT_EQ(alive, 0);
  cancel();  // nothing of the dead tasks may still listen
}

TEST(Scheduler, DestructionSurvivesTasksThatWakeOrStartOthersOnTheirWayOut) {
  struct Last {
    Context ctx;
    CancelHandle cancel;
    std::atomic<int>* started;
    ~Last() {
      cancel();
      go(count(started));  // never runs, and must not be leaked
    }
  };
  std::atomic<int> started{0};
  {
    Scheduler scheduler({.workers = 2});
    for (int i = 0; i < 50; ++i) {
      scheduler.go([](std::atomic<int>* started) -> task<> {
        auto [ctx, cancel] = with_cancel(background());
        Last last{ctx, std::move(cancel), started};
        go([](Context ctx) -> task<> { co_await done(ctx); }(ctx));
        co_await done(background());
      }(&started));
    }
    EXPECT_TRUE(eventually([&] { return scheduler.live_tasks() == 100; }));
    EXPECT_TRUE(eventually([&] { return scheduler.list_tasks(1'000).size() == 100; }));
  }
  EXPECT_EQ(started, 0);
}

TEST(Scheduler, DestructionReachesTasksThatStartOnWorkersThatAreDoneAlready) {
  struct CancelsAtTheEnd {
    CancelHandle cancel;
    Alive alive;
  };
  std::atomic<int> alive{0};
  int calls = 0;
  {
    Scheduler scheduler({.workers = 2, .threads = false});
    auto [ctx, cancel] = with_cancel(background());
    // Starts a task on the first worker, whose own tasks are destroyed by then.
    after_func(
        ctx, [&calls, alive = std::make_shared<Alive>(&alive)] { ++calls; }, &scheduler.worker(0));
    scheduler.worker(1).start(
        [](CancelsAtTheEnd) -> task<> {
          (void)co_await done(background());
        }(CancelsAtTheEnd{std::move(cancel), Alive(&alive)}),
        "canceller", TaskKind::kApplication, std::source_location::current());
    while (scheduler.turn()) {
    }
    EXPECT_EQ(alive, 2);
  }
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(alive, 0);
}

TEST(Scheduler, TasksMayBecomeReadyFromOutsideWhileItIsDestroyed) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> alive{0};
    auto [ctx, cancel] = with_cancel(background());
    std::atomic<bool> start{false};
    std::thread canceller([&start, &cancel = cancel] {
      while (!start) std::this_thread::yield();
      cancel();
    });
    {
      Scheduler scheduler({.workers = 2, .threads = false});
      for (int i = 0; i < 50; ++i) {
        scheduler.go(
            [](Context ctx, Alive) -> task<> { (void)co_await done(ctx); }(ctx, Alive(&alive)));
      }
      while (scheduler.turn()) {
      }
      start = true;
    }
    canceller.join();
    EXPECT_EQ(alive, 0);
  }
}

task<> log_id(int id, std::vector<int>* log) {
  log->push_back(id);
  co_return;
}

TEST(Scheduler, ATaskStartedByATaskRunsBeforeThoseThatWereReady) {
  TestScheduler scheduler;
  std::vector<int> log;
  scheduler.go([](std::vector<int>* log) -> task<> {
    go(log_id(1, log));
    go(log_id(2, log));  // takes the place of the first, which waits like the others
    log->push_back(0);
    co_return;
  }(&log));
  scheduler.go(log_id(3, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, (std::vector<int>{0, 2, 3, 1}));
}

task<> start_for_ever(std::atomic<bool>* stop) {
  if (!*stop) go(start_for_ever(stop));
  co_return;
}

TEST(Scheduler, TasksThatStartTasksForEverDoNotStarveTheOthers) {
  std::atomic<bool> stop{false};
  Scheduler scheduler({.workers = 1});
  scheduler.go(start_for_ever(&stop));
  EXPECT_EQ(scheduler.run(answer()), 42);
  stop = true;
}

TEST(Scheduler, ASleepingWorkerWakesForWorkFromOutside) {
  Scheduler scheduler({.workers = 1});
  for (int i = 0; i < 200; ++i) EXPECT_EQ(scheduler.run(answer()), 42);
}

TEST(Scheduler, CancellationFromAnotherThreadWakesParkedTasks) {
  Scheduler scheduler({.workers = 2});
  for (int round = 0; round < 20; ++round) {
    auto [ctx, cancel] = with_cancel(background());
    for (int i = 0; i < 50; ++i) {
      scheduler.go([](Context ctx) -> task<> { (void)co_await sleep_for(ctx, 1h); }(ctx));
    }
    cancel();
    EXPECT_TRUE(eventually([&] { return scheduler.live_tasks() == 0; }));
  }
}

TEST(Scheduler, ATimerArmedFromOutsideWakesASleepingWorker) {
  Scheduler scheduler({.workers = 1});
  auto [ctx, cancel] = with_timeout(background(), 5ms, &scheduler.worker(0).timers());
  const Failure failure =
      scheduler.run([](Context ctx) -> task<Failure> { co_return co_await done(ctx); }(ctx));
  EXPECT_EQ(failure, deadline_exceeded());
}

TEST(Scheduler, RunInsideATaskSaysWhatToDo) {
  Scheduler scheduler({});
  const auto nested = [](Scheduler* scheduler) -> task<> {
    scheduler->run([]() -> task<> { co_return; }());
    co_return;
  };
  EXPECT_THROW(scheduler.run(nested(&scheduler)), std::logic_error);
}

}  // namespace
}  // namespace leakbench
