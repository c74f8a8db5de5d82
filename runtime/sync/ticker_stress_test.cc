// Tickers that are stopped, reset, read and destroyed while their timers fire on other threads.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/sync/select.h"
#include "runtime/sync/ticker.h"
#include "runtime/sync/wait_for.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// Tickers that live for 0, 1 or 2 ticks.
task<> churn(TimerQueue* timers, int tickers, std::atomic<int>* missing, wait_group* tasks) {
  for (int i = 0; i < tickers; ++i) {
    ticker t(100us, timers);
    for (int tick = 0; tick < i % 3; ++tick) {
      ++*missing;
      if (co_await t.ticks().receive(background())) --*missing;
    }
  }
  tasks->done();
}

TEST(TickerStress, StartedReadAndDestroyedOnFourWorkers) {
  std::atomic<int> missing{0};
  wait_group tasks;
  Scheduler scheduler({.workers = 4});
  tasks.add(16);
  for (int i = 0; i < 16; ++i) {
    // The timers of another worker than the task's: they fire while the task stops them.
    TimerQueue& timers = scheduler.worker(static_cast<std::size_t>(i + 1) % 4).timers();
    scheduler.go(churn(&timers, 20, &missing, &tasks));
  }
  wait_for(scheduler, tasks);
  EXPECT_EQ(missing, 0);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(scheduler.worker(i).timers().next_deadline(), std::nullopt);
  }
}

TEST(TickerStress, StoppedOnOneThreadWhileItFiresOnAnotherItStaysStopped) {
  Scheduler scheduler({.workers = 4});
  ticker t(70us, &scheduler.worker(0).timers());
  for (int round = 0; round < 300; ++round) {
    t.reset(std::chrono::microseconds(70 + round % 50));
    if (round % 3 != 0) {
      EXPECT_TRUE(scheduler.run([](channel<TimePoint> ticks) -> task<bool> {
        co_return static_cast<bool>(co_await ticks.receive(background()));
      }(t.ticks())));
    }
    t.stop();
    EXPECT_EQ(t.ticks().size(), 0u);
  }
  // Nothing that was in flight at the last stop may tick afterwards.
  EXPECT_EQ(scheduler.run([](channel<TimePoint> ticks) -> task<int> {
    std::optional<TimePoint> tick;
    co_return (co_await select(background(), on_receive(ticks, tick), on_timeout(5ms))).index;
  }(t.ticks())),
            1);
}

TEST(TickerStress, ResetAndStoppedByManyThreadsAtOnceItStillTicksOrNotAsTheLastSaid) {
  Scheduler scheduler({.workers = 4});
  ticker t(80us, &scheduler.worker(0).timers());
  std::vector<std::thread> threads;
  for (int id = 0; id < 3; ++id) {
    threads.emplace_back([&t, id] {
      for (int round = 0; round < 300; ++round) {
        if ((round + id) % 2 == 0) {
          t.stop();
        } else {
          t.reset(std::chrono::microseconds(60 + id));
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  t.reset(1ms);
  EXPECT_TRUE(scheduler.run([](channel<TimePoint> ticks) -> task<bool> {
    co_return static_cast<bool>(co_await ticks.receive(background()));
  }(t.ticks())));
}

TEST(TickerStress, SchedulersThatEndUnderTickingTickersAreSurvived) {
  for (int round = 0; round < 30; ++round) {
    std::vector<std::unique_ptr<ticker>> outside;
    Scheduler scheduler({.workers = 4});
    for (std::size_t worker = 0; worker < 4; ++worker) {
      outside.push_back(std::make_unique<ticker>(70us, &scheduler.worker(worker).timers()));
      scheduler.go([](TimerQueue* timers) -> task<> {
        ticker t(70us, timers);
        while (co_await t.ticks().receive(background())) {
        }
      }(&scheduler.worker((worker + 1) % 4).timers()));
    }
    scheduler.run([](const ticker* t) -> task<> {
      (void)co_await t->ticks().receive(background());
    }(outside.front().get()));
  }
}

}  // namespace
}  // namespace leakbench
