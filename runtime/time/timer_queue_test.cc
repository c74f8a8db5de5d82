#include "runtime/time/timer_queue.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

struct CountingTimer : Timer {
  CountingTimer() : Timer(&CountingTimer::on_event) {}
  static void on_event(Timer& timer, Event event) {
    auto& self = static_cast<CountingTimer&>(timer);
    (event == Event::kFired ? self.fired : self.abandoned) += 1;
  }
  int fired = 0;
  int abandoned = 0;
};

TEST(TimerQueue, FiresNoEarlierThanTheDeadlineAndAtMostOneTickLate) {
  ManualClock clock;
  TimerQueue queue(clock);
  CountingTimer timer;
  queue.arm(timer, clock.now() + 10ms);
  clock.advance(10ms - 1ns);
  EXPECT_EQ(queue.run_expired(), 0u);
  clock.advance(TimerQueue::kTick);
  EXPECT_EQ(queue.run_expired(), 1u);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimerQueue, ACancelledTimerDoesNotFireAndSaysSo) {
  ManualClock clock;
  TimerQueue queue(clock);
  CountingTimer timer;
  EXPECT_FALSE(TimerQueue::cancel(timer));
  queue.arm(timer, clock.now() + 1ms);
  EXPECT_TRUE(TimerQueue::cancel(timer));
  EXPECT_FALSE(TimerQueue::cancel(timer));
  clock.advance(1s);
  EXPECT_EQ(queue.run_expired(), 0u);
  EXPECT_EQ(queue.next_deadline(), std::nullopt);
}

TEST(TimerQueue, ADeadlineInThePastFiresOnTheNextRun) {
  ManualClock clock;
  TimerQueue queue(clock);
  CountingTimer past, least;
  queue.arm(past, clock.now() - 1h);
  queue.arm(least, TimePoint::min());
  EXPECT_EQ(queue.run_expired(), 2u);
}

TEST(TimerQueue, AnEnormousDeadlineWaits) {
  ManualClock clock;
  TimerQueue queue(clock);
  CountingTimer timer;
  queue.arm(timer, TimePoint::max());
  clock.advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(queue.run_expired(), 0u);
  EXPECT_TRUE(queue.next_deadline().has_value());
  EXPECT_TRUE(TimerQueue::cancel(timer));
}

TEST(TimerQueue, DestructionTellsEveryArmedTimer) {
  ManualClock clock;
  CountingTimer near, far;
  {
    TimerQueue queue(clock);
    queue.arm(near, clock.now() + 1ms);
    queue.arm(far, TimePoint::max());
  }
  EXPECT_EQ(near.abandoned, 1);
  EXPECT_EQ(far.abandoned, 1);
  EXPECT_EQ(near.fired, 0);
}

TEST(TimerQueue, ReportsOnlyWhenATimerBecomesTheEarliest) {
  ManualClock clock;
  int earlier = 0;
  TimerQueue queue(clock, [&] { ++earlier; });
  CountingTimer a, b, c;
  queue.arm(a, clock.now() + 100ms);
  queue.arm(b, clock.now() + 200ms);
  EXPECT_EQ(earlier, 1);
  queue.arm(c, clock.now() + 50ms);
  EXPECT_EQ(earlier, 2);
  for (Timer* timer : {&a, &b, &c}) TimerQueue::cancel(*timer);
}

TEST(TimerQueue, CancelAndFireFromTwoThreadsCountEachTimerOnce) {
  SteadyClock clock;
  TimerQueue queue(clock);
  std::vector<CountingTimer> timers(20'000);
  std::atomic<bool> stop{false};
  std::thread runner([&] {
    while (!stop) queue.run_expired();
    queue.run_expired();
  });
  std::size_t cancelled = 0;
  for (std::size_t i = 0; i < timers.size(); ++i) {
    queue.arm(timers[i], clock.now() + std::chrono::microseconds(i % 300));
    if (i % 2 == 0 && TimerQueue::cancel(timers[i])) ++cancelled;
  }
  while (queue.next_deadline().has_value()) std::this_thread::yield();
  stop = true;
  runner.join();
  std::size_t fired = 0;
  for (const auto& timer : timers) fired += static_cast<std::size_t>(timer.fired);
  EXPECT_EQ(fired + cancelled, timers.size());
}

}  // namespace
}  // namespace leakbench
