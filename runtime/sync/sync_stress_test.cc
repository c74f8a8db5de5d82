// Many tasks on four workers at once: nothing lost, nothing twice. Worth most under
// ThreadSanitizer.
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <vector>

#include "runtime/sync/channel.h"
#include "runtime/sync/select.h"
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
  scheduler.run(
      [](wait_group* senders) -> task<> { (void)co_await senders->wait(background()); }(&senders));
  cancel();
  scheduler.run([](wait_group* receivers) -> task<> {
    (void)co_await receivers->wait(background());
  }(&receivers));
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
  scheduler.run(
      [](wait_group* group) -> task<> { (void)co_await group->wait(background()); }(&everybody));
  stop_receiving();
  scheduler.run(
      [](wait_group* group) -> task<> { (void)co_await group->wait(background()); }(&receiver));
  EXPECT_EQ(sent, received);
}

}  // namespace
}  // namespace leakbench
