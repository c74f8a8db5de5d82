#include "runtime/sync/mutex.h"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// Takes the mutex, keeps it for `duration`, and writes down when it got and left it.
task<> hold(Context ctx, mutex* m, int id, Duration duration, std::string* log) {
  const MutexLock lock = co_await m->lock(ctx);
  if (!lock) {
    *log += std::to_string(id) + " " + lock.failure().message() + ";";
    co_return;
  }
  *log += "+" + std::to_string(id);
  (void)co_await sleep_for(background(), duration);
  *log += "-" + std::to_string(id) + ";";
}

class MutexConformance : public testing::Test {
 protected:
  void start(int id, const Context& ctx = background()) {
    scheduler_.go(hold(ctx, &mutex_, id, 1s, &log_));
    scheduler_.run_until_idle();
  }

  mutex mutex_;  // outlives the tasks that wait for it
  std::string log_;
  TestScheduler scheduler_;
};

TEST_F(MutexConformance, LetsOneTaskInAtATimeInTheOrderTheyAsked) {
  for (int id = 1; id <= 4; ++id) start(id);
  EXPECT_EQ(log_, "+1");
  scheduler_.advance(5s);
  EXPECT_EQ(log_, "+1-1;+2-2;+3-3;+4-4;");
}

TEST_F(MutexConformance, AnUnlockedOneDoesNotPark) {
  scheduler_.go([](mutex* m, std::string* log) -> task<> {
    for (int i = 0; i < 3; ++i) {
      const MutexLock lock = co_await m->lock();
      *log += lock ? "taken;" : "failed;";
    }
  }(&mutex_, &log_));
  scheduler_.scheduler().turn();
  EXPECT_EQ(log_, "taken;taken;taken;");
}

TEST_F(MutexConformance, TryLockTakesOnlyAFreeOne) {
  std::optional<MutexLock> first = mutex_.try_lock();
  EXPECT_TRUE(*first);
  const MutexLock second = mutex_.try_lock();
  EXPECT_FALSE(second);
  EXPECT_FALSE(second.failure());
  first.reset();
  EXPECT_TRUE(mutex_.try_lock());
}

TEST_F(MutexConformance, NobodyGetsBetweenAnUnlockAndTheTaskThatHasWaited) {
  std::optional<MutexLock> held = mutex_.try_lock();
  start(1);
  held.reset();  // handed over, although the task has not had its turn
  EXPECT_FALSE(mutex_.try_lock());
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "+1");
}

TEST_F(MutexConformance, ATaskThatLocksOverAndOverDoesNotStarveAnother) {
  scheduler_.go([](mutex* m, std::string* log) -> task<> {
    for (int i = 0; i < 3; ++i) {
      const MutexLock lock = co_await m->lock();
      co_await yield();
      *log += "greedy;";
    }
  }(&mutex_, &log_));
  scheduler_.go([](mutex* m, std::string* log) -> task<> {
    const MutexLock lock = co_await m->lock();
    *log += "modest;";
  }(&mutex_, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "greedy;modest;greedy;greedy;");
}

TEST_F(MutexConformance, UnlockOfAnUnlockedOneIsAProgrammingError) {
  EXPECT_THROW(mutex_.unlock_released(), std::logic_error);
  MutexLock lock = mutex_.try_lock();
  lock.unlock();
  EXPECT_FALSE(lock);
  EXPECT_THROW(lock.unlock(), std::logic_error);
  EXPECT_THROW(mutex_.unlock_released(), std::logic_error);
  EXPECT_TRUE(mutex_.try_lock());  // and does no harm
}

TEST_F(MutexConformance, AnyTaskMayUnlockWhatAnotherLocked) {
  scheduler_.go([](mutex* m) -> task<> { (co_await m->lock()).release(); }(&mutex_));
  scheduler_.run_until_idle();
  start(1);
  EXPECT_EQ(log_, "");
  scheduler_.go([](mutex* m) -> task<> {
    m->unlock_released();
    co_return;
  }(&mutex_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "+1");
}

TEST_F(MutexConformance, AMovedLockUnlocksOnce) {
  MutexLock first = mutex_.try_lock();
  MutexLock second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): says that it holds nothing
  EXPECT_FALSE(mutex_.try_lock());
  second = mutex_.try_lock();  // fails, and then lets go of what it held
  EXPECT_TRUE(mutex_.try_lock());
}

TEST_F(MutexConformance, AContextEndsTheWaitAndTheOthersMoveUp) {
  auto [ctx, cancel] = with_cancel(background());
  start(1);
  start(2, ctx);
  start(3);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "+12 context canceled;");
  scheduler_.advance(3s);
  EXPECT_EQ(log_, "+12 context canceled;-1;+3-3;");
}

TEST_F(MutexConformance, ADeadlineEndsTheWaitWithItsOwnFailure) {
  auto [ctx, cancel] = with_timeout(background(), 500ms, &scheduler_.timers());
  start(1);
  start(2, ctx);
  scheduler_.advance(600ms);
  EXPECT_EQ(log_, "+12 context deadline exceeded;");
}

TEST_F(MutexConformance, ADoneContextDoesNotTakeEvenAFreeOne) {
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  start(1, ctx);
  EXPECT_EQ(log_, "1 context canceled;");
  EXPECT_TRUE(mutex_.try_lock());
}

TEST_F(MutexConformance, HandedOverItCountsEvenIfTheContextIsCancelledBeforeTheTurn) {
  auto [ctx, cancel] = with_cancel(background());
  std::optional<MutexLock> held = mutex_.try_lock();
  start(1, ctx);
  held.reset();
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "+1");
}

TEST_F(MutexConformance, CancelledBeforeTheUnlockItGoesToTheNext) {
  auto [ctx, cancel] = with_cancel(background());
  std::optional<MutexLock> held = mutex_.try_lock();
  start(1, ctx);
  start(2);
  cancel();
  held.reset();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "1 context canceled;+2");
}

TEST(Mutex, IsNotLostWithATaskThatIsDestroyedAfterItWasHandedOver) {
  mutex m;
  std::string log;
  TestScheduler survivor;
  {
    TestScheduler scheduler;
    std::optional<MutexLock> held = m.try_lock();
    scheduler.go(hold(background(), &m, 1, 1s, &log));
    scheduler.run_until_idle();
    survivor.go(hold(background(), &m, 2, 1s, &log));
    survivor.run_until_idle();
    held.reset();
  }
  survivor.run_until_idle();
  EXPECT_EQ(log, "+2");
}

}  // namespace
}  // namespace leakbench
