// Many tasks on four workers at once: nothing lost, nothing twice. Worth most under
// ThreadSanitizer.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/select.h"
#include "runtime/sync/wait_for.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

constexpr int kSenders = 8;
constexpr int kEach = 500;

task<> send_range(channel<int> ch, int from, int to, wait_group* senders) {
  for (int value = from; value < to; ++value) (void)co_await ch.send(background(), value);
  senders->done();
}

// Starts tasks from outside, so that they spread over the workers.
void start_senders(Scheduler& scheduler, const channel<int>& a, const channel<int>& b,
                   wait_group& senders) {
  senders.add(kSenders);
  for (int s = 0; s < kSenders; ++s) {
    scheduler.go(send_range(s % 2 == 0 ? a : b, s * kEach, (s + 1) * kEach, &senders));
  }
}

void expect_each_once(const std::vector<std::atomic<int>>& seen) {
  for (std::size_t value = 0; value < seen.size(); ++value) EXPECT_EQ(seen[value], 1) << value;
}

TEST(SyncStress, ReceiversOnFourWorkersGetEachValueOnce) {
  for (const std::size_t capacity : {0u, 4u}) {
    std::vector<std::atomic<int>> seen(kSenders * kEach);
    wait_group senders, receivers;
    Scheduler scheduler({.workers = 4});
    channel<int> ch(capacity);
    receivers.add(5);
    for (int r = 0; r < 5; ++r) {
      scheduler.go([](channel<int> ch, std::vector<std::atomic<int>>* seen,
                      wait_group* receivers) -> task<> {
        while (auto received = co_await ch.receive(background())) ++(*seen)[*received.value];
        receivers->done();
      }(ch, &seen, &receivers));
    }
    start_senders(scheduler, ch, ch, senders);
    scheduler.run([](wait_group* senders, wait_group* receivers, channel<int> ch) -> task<> {
      (void)co_await senders->wait(background());
      ch.close();
      (void)co_await receivers->wait(background());
    }(&senders, &receivers, ch));
    expect_each_once(seen);
  }
}

TEST(SyncStress, SelectsOnFourWorkersLoseNothingAndDoubleNothing) {
  std::vector<std::atomic<int>> seen(kSenders * kEach);
  std::atomic<int> total{0};
  wait_group senders, receivers;
  Scheduler scheduler({.workers = 4});
  channel<int> a, b;
  auto [ctx, cancel] = with_cancel(background());
  receivers.add(5);
  for (int r = 0; r < 5; ++r) {
    scheduler.go([](Context ctx, channel<int> a, channel<int> b,
                    std::vector<std::atomic<int>>* seen, std::atomic<int>* total,
                    wait_group* receivers) -> task<> {
      while (true) {
        std::optional<int> from_a, from_b;
        const Selected chosen = co_await select(ctx, on_receive(a, from_a), on_receive(b, from_b),
                                                on_timeout(std::chrono::microseconds(300)));
        if (chosen.failure) break;
        if (chosen.index == 2) continue;
        ++(*seen)[*(chosen.index == 0 ? from_a : from_b)];
        ++*total;
      }
      receivers->done();
    }(ctx, a, b, &seen, &total, &receivers));
  }
  start_senders(scheduler, a, b, senders);
  wait_for(scheduler, senders);
  cancel();
  wait_for(scheduler, receivers);
  EXPECT_EQ(total, kSenders * kEach);
  expect_each_once(seen);
}

TEST(SyncStress, GivingUpWhileAValueArrivesNeverLosesIt) {
  // A sender whose context is cancelled either sent or did not: the two counts must agree.
  std::atomic<int> sent{0}, received{0};
  wait_group everybody;
  Scheduler scheduler({.workers = 4});
  channel<int> ch;
  auto [receive_ctx, stop_receiving] = with_cancel(background());
  everybody.add(400);
  for (int i = 0; i < 400; ++i) {
    scheduler.go([](channel<int> ch, std::atomic<int>* sent, wait_group* everybody) -> task<> {
      auto [ctx, cancel] = with_timeout(background(), std::chrono::microseconds(200));
      if (!co_await ch.send(ctx, 1)) ++*sent;
      everybody->done();
    }(ch, &sent, &everybody));
  }
  wait_group receiver;
  receiver.add();
  scheduler.go(
      [](Context ctx, channel<int> ch, std::atomic<int>* received, wait_group* receiver) -> task<> {
        while (co_await ch.receive(ctx)) ++*received;
        receiver->done();
      }(receive_ctx, ch, &received, &receiver));
  wait_for(scheduler, everybody);
  stop_receiving();
  wait_for(scheduler, receiver);
  EXPECT_EQ(sent, received);
}

TEST(SyncStress, CloseAmongSendersAndReceiversLosesNothingThatWasSent) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> sent{0}, refused{0}, received{0};
    wait_group everybody;
    Scheduler scheduler({.workers = 4});
    channel<int> ch(static_cast<std::size_t>(round % 3));
    everybody.add(kSenders + 5);
    for (int r = 0; r < 5; ++r) {
      scheduler.go([](channel<int> ch, std::atomic<int>* received, wait_group* all) -> task<> {
        while (co_await ch.receive(background())) ++*received;
        all->done();
      }(ch, &received, &everybody));
    }
    for (int s = 0; s < kSenders; ++s) {
      scheduler.go([](channel<int> ch, int id, std::atomic<int>* sent, std::atomic<int>* refused,
                      wait_group* all) -> task<> {
        try {
          for (int i = 0; i < 50; ++i) {
            (void)co_await ch.send(background(), i);
            ++*sent;
            if (id == 0 && i == 25) ch.close();
          }
        } catch (const ChannelClosed&) {
          ++*refused;
        }
        all->done();
      }(ch, s, &sent, &refused, &everybody));
    }
    wait_for(scheduler, everybody);
    EXPECT_EQ(sent, received);
    EXPECT_GE(refused, 1);  // at least the one that closed it
  }
}

// Offers one value on any of three channels, or takes one, until cancelled in the middle of it.
task<> offer(Context ctx, std::array<channel<int>, 3> ch, std::atomic<int>* sent,
             wait_group* offers) {
  while (true) {
    const Selected chosen =
        co_await select(ctx, on_send(ch[0], 1), on_send(ch[1], 1), on_send(ch[2], 1));
    if (chosen.failure) break;
    ++*sent;
  }
  offers->done();
}

task<> accept(Context ctx, std::array<channel<int>, 3> ch, std::atomic<int>* received,
              wait_group* accepts) {
  while (true) {
    std::optional<int> a, b, c;
    const Selected chosen =
        co_await select(ctx, on_receive(ch[2], a), on_receive(ch[0], b), on_receive(ch[1], c));
    if (chosen.failure) break;
    EXPECT_EQ(a.has_value() + b.has_value() + c.has_value(), 1);
    ++*received;
  }
  accepts->done();
}

TEST(SyncStress, SelectsCancelledInMidFlightConserveValues) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> sent{0}, received{0};
    wait_group tasks;
    Scheduler scheduler({.workers = 4});
    std::array<channel<int>, 3> ch{channel<int>(0), channel<int>(1), channel<int>(0)};
    tasks.add(24);
    std::vector<CancelHandle> cancels;
    for (int i = 0; i < 12; ++i) {
      auto [offer_ctx, stop_offer] = with_cancel(background());
      auto [accept_ctx, stop_accept] = with_cancel(background());
      scheduler.go(offer(offer_ctx, ch, &sent, &tasks));
      scheduler.go(accept(accept_ctx, ch, &received, &tasks));
      cancels.push_back(std::move(stop_offer));
      cancels.push_back(std::move(stop_accept));
    }
    ASSERT_TRUE(eventually([&] { return sent > 0; }));
    // Values flow while one task after the other is cancelled, from this thread.
    for (const CancelHandle& cancel : cancels) {
      const int before = sent;
      for (int spin = 0; spin < 1'000 && sent == before; ++spin) std::this_thread::yield();
      cancel();
    }
    wait_for(scheduler, tasks);
    EXPECT_EQ(sent, received + static_cast<int>(ch[1].size()));
    // No ghost of a cancelled select is left: each channel refuses and offers nothing.
    for (std::size_t i : {0u, 2u}) {
      const Selected chosen = scheduler.run([](channel<int> ch) -> task<Selected> {
        std::optional<int> out;
        co_return co_await select(background(), on_send(ch, 1), on_receive(ch, out), on_default());
      }(ch[i]));
      EXPECT_EQ(chosen.index, 2);
    }
  }
}

TEST(SyncStress, AWaitGroupIsReusedByManyRoundsOfTasksOnFourWorkers) {
  std::atomic<int> finished{0};
  Scheduler scheduler({.workers = 4});
  scheduler.run([](Scheduler* scheduler, std::atomic<int>* finished) -> task<> {
    wait_group group;  // in this frame, and gone with it: nobody may touch it after the last round
    for (int round = 1; round <= 200; ++round) {
      group.add(8);
      for (std::size_t i = 0; i < 8; ++i) {
        scheduler->worker(i % 4).start(
            [](wait_group* group, std::atomic<int>* finished) -> task<> {
              ++*finished;
              group->done();
              co_return;
            }(&group, finished),
            "member", TaskKind::kApplication, std::source_location::current());
      }
      (void)co_await group.wait(background());
      EXPECT_EQ(*finished, 8 * round);
    }
  }(&scheduler, &finished));
  EXPECT_EQ(finished, 8 * 200);
}

TEST(SyncStress, WaitsForAGroupThatAreCancelledWhileItEndsEndOnce) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> all_done{0}, cancelled{0};
    wait_group group, waiters;
    Scheduler scheduler({.workers = 4});
    auto [ctx, cancel] = with_cancel(background());
    group.add();
    waiters.add(16);
    for (int i = 0; i < 16; ++i) {
      scheduler.go([](Context ctx, wait_group* group, wait_group* waiters,
                      std::atomic<int>* all_done, std::atomic<int>* cancelled) -> task<> {
        ++*(co_await group->wait(ctx) ? cancelled : all_done);
        waiters->done();
      }(ctx, &group, &waiters, &all_done, &cancelled));
    }
    scheduler.go([](wait_group* group) -> task<> {
      co_await yield();
      group->done();
    }(&group));
    cancel();
    wait_for(scheduler, waiters);
    EXPECT_EQ(all_done + cancelled, 16);
  }
}

}  // namespace
}  // namespace leakbench
