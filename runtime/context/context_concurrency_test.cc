#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "runtime/base/race_for_testing.h"
#include "runtime/context/context.h"
#include "runtime/context/counting_listener_for_testing.h"

namespace leakbench {
namespace {

TEST(ContextConcurrency, AChildMayBeDroppedWhileItsParentIsCancelled) {
  for (int i = 0; i < 300; ++i) {
    auto [parent, cancel] = with_cancel(background());
    std::vector<Cancellable> children;
    for (int c = 0; c < 20; ++c) children.push_back(with_cancel(parent));
    race([&cancel = cancel] { cancel(); }, [&] { children.clear(); });
    EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
  }
}

TEST(ContextConcurrency, OneCauseWinsAndEverybodySeesIt) {
  for (int i = 0; i < 300; ++i) {
    const Failure one("one"), two("two");
    auto [ctx, cancel] = with_cancel_cause(background());
    auto [child, cancel_child] = with_cancel(ctx);
    race([&, &cancel = cancel] { cancel(one); }, [&, &cancel = cancel] { cancel(two); });
    EXPECT_TRUE(ctx.cause() == one || ctx.cause() == two);
    cancel_child();
    EXPECT_EQ(child.cause(), ctx.cause());
  }
}

TEST(ContextConcurrency, AListenerThatStoppedIsNotBeingCalledAnyMore) {
  for (int i = 0; i < 300; ++i) {
    auto [ctx, cancel] = with_cancel(background());
    race([&cancel = cancel] { cancel(); },
         [&ctx = ctx] {
           CountingListener listener;
           if (!ctx.canceller()->listen(listener)) return;
           const bool stopped = ctx.canceller()->stop_listening(listener);
           EXPECT_EQ(listener.calls, stopped ? 0 : 1);
         });
  }
}

TEST(ContextConcurrency, ADeadlineAndACancelMeetWithoutHarm) {
  SteadyClock clock;
  TimerQueue timers(clock);
  std::atomic<bool> stop{false};
  std::thread runner([&] {
    while (!stop) timers.run_expired();
  });
  for (int i = 0; i < 2'000; ++i) {
    auto [ctx, cancel] = with_timeout(background(), std::chrono::microseconds(i % 150), &timers);
    auto [child, cancel_child] = with_cancel(ctx);
    cancel();
    EXPECT_TRUE(ctx.err() == canceled() || ctx.err() == deadline_exceeded());
  }
  stop = true;
  runner.join();
}

}  // namespace
}  // namespace leakbench
