// One mutex, four workers: one task inside at a time, and nobody left outside for ever.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "runtime/sync/mutex.h"
#include "runtime/sync/wait_for.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

constexpr int kTasks = 32;
constexpr int kRounds = 100;

// What the mutex guards: plain numbers, so that ThreadSanitizer sees a second task inside.
struct Guarded {
  mutex m;
  long count = 0;
  bool occupied = false;
  int overlaps = 0;
};

task<> visit(Guarded* guarded, bool stay_a_turn) {
  if (guarded->occupied) ++guarded->overlaps;
  guarded->occupied = true;
  if (stay_a_turn) co_await yield();
  ++guarded->count;
  guarded->occupied = false;
}

TEST(MutexStress, FourWorkersAreInsideOneAtATime) {
  Guarded guarded;
  wait_group tasks;
  Scheduler scheduler({.workers = 4});
  tasks.add(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    scheduler.go([](int id, Guarded* guarded, wait_group* tasks) -> task<> {
      for (int round = 0; round < kRounds; ++round) {
        const MutexLock lock = co_await guarded->m.lock();
        co_await visit(guarded, (id + round) % 3 == 0);
      }
      tasks->done();
    }(i, &guarded, &tasks));
  }
  wait_for(scheduler, tasks);
  EXPECT_EQ(guarded.count, kTasks * kRounds);
  EXPECT_EQ(guarded.overlaps, 0);
  EXPECT_TRUE(guarded.m.try_lock());
}

TEST(MutexStress, CancellationsAndHandOversAtOnceNeitherLoseItNorDoubleIt) {
  Guarded guarded;
  std::atomic<long> taken{0}, given_up{0};
  wait_group tasks;
  Scheduler scheduler({.workers = 4});
  tasks.add(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    scheduler.go([](int id, Guarded* guarded, std::atomic<long>* taken, std::atomic<long>* given_up,
                    wait_group* tasks) -> task<> {
      for (int round = 0; round < kRounds; ++round) {
        auto [ctx, cancel] = with_cancel(background());
        // Cancelled from another task, on whichever worker has the mutex or waits for it.
        go([](CancelHandle cancel) -> task<> {
          co_await yield();
          cancel();
        }(std::move(cancel)));
        const MutexLock lock = co_await guarded->m.lock(ctx);
        if (!lock) {
          ++*given_up;
          continue;
        }
        ++*taken;
        co_await visit(guarded, (id + round) % 2 == 0);
      }
      tasks->done();
    }(i, &guarded, &taken, &given_up, &tasks));
  }
  wait_for(scheduler, tasks);
  EXPECT_EQ(taken + given_up, kTasks * kRounds);
  EXPECT_EQ(guarded.count, taken);
  EXPECT_EQ(guarded.overlaps, 0);
  EXPECT_TRUE(guarded.m.try_lock());
}

TEST(MutexStress, TasksOnOtherWorkersUnlockWhatOneLocked) {
  Guarded guarded;
  wait_group tasks;
  Scheduler scheduler({.workers = 4});
  tasks.add(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    Worker& other = scheduler.worker(static_cast<std::size_t>(i) % 4);
    scheduler.go([](Guarded* guarded, Worker* other, wait_group* tasks) -> task<> {
      (co_await guarded->m.lock()).release();
      ++guarded->count;
      other->start(
          [](Guarded* guarded, wait_group* tasks) -> task<> {
            guarded->m.unlock_released();
            tasks->done();
            co_return;
          }(guarded, tasks),
          "unlocker", TaskKind::kApplication, std::source_location::current());
    }(&guarded, &other, &tasks));
  }
  wait_for(scheduler, tasks);
  EXPECT_EQ(guarded.count, kTasks);
  EXPECT_TRUE(guarded.m.try_lock());
}

}  // namespace
}  // namespace leakbench
