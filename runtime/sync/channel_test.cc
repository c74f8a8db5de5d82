#include "runtime/sync/channel.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> send_all(Context ctx, channel<int> ch, std::vector<int> values, std::string* log) {
  for (const int value : values) {
    const Failure failure = co_await ch.send(ctx, value);
    *log += failure ? failure.message() + ";" : "sent " + std::to_string(value) + ";";
  }
}

task<> receive_all(Context ctx, channel<int> ch, std::string* log) {
  while (true) {
    const auto received = co_await ch.receive(ctx);
    if (!received) {
      *log += received.is_closed() ? "closed;" : received.failure.message() + ";";
      co_return;
    }
    *log += "got " + std::to_string(*received.value) + ";";
  }
}

TEST(ChannelConformance, LivesAsLongAsATaskIsParkedOnIt) {
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  std::string log;
  auto handle = std::make_unique<channel<int>>();
  scheduler.go([](Context ctx, channel<int>* ch, std::string* log) -> task<> {
    *log = (co_await ch->receive(ctx)).failure.message();
  }(ctx, handle.get(), &log));
  scheduler.run_until_idle();
  handle.reset();
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled");
}

TEST(ChannelConformance, UnbufferedSendWaitsForItsReceiver) {
  TestScheduler scheduler;
  channel<int> ch;
  std::string sends, receives;
  scheduler.go(send_all(background(), ch, {1, 2}, &sends));
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "");
  scheduler.go(receive_all(background(), ch, &receives));
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "sent 1;sent 2;");
  EXPECT_EQ(receives, "got 1;got 2;");
}

TEST(ChannelConformance, BufferedSendWaitsOnlyWhenTheBufferIsFull) {
  TestScheduler scheduler;
  channel<int> ch(2);
  std::string sends, receives;
  scheduler.go(send_all(background(), ch, {1, 2, 3, 4}, &sends));
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "sent 1;sent 2;");
  EXPECT_EQ(ch.size(), 2u);
  scheduler.go(receive_all(background(), ch, &receives));
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "sent 1;sent 2;sent 3;sent 4;");
  EXPECT_EQ(receives, "got 1;got 2;got 3;got 4;");
}

TEST(ChannelConformance, ClosedGivesWhatIsStoredAndThenSaysSo) {
  TestScheduler scheduler;
  channel<int> ch(2);
  std::string sends, receives;
  scheduler.go(send_all(background(), ch, {1, 2}, &sends));
  scheduler.run_until_idle();
  ch.close();
  scheduler.go(receive_all(background(), ch, &receives));
  scheduler.run_until_idle();
  EXPECT_EQ(receives, "got 1;got 2;closed;");
}

TEST(ChannelConformance, CloseWakesEveryParkedReceiver) {
  TestScheduler scheduler;
  channel<int> ch;
  std::string log;
  for (int i = 0; i < 3; ++i) scheduler.go(receive_all(background(), ch, &log));
  scheduler.run_until_idle();
  ch.close();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "closed;closed;closed;");
}

TEST(ChannelConformance, SendOnAClosedOneThrowsWhetherItWasParkedOrNot) {
  TestScheduler scheduler;
  channel<int> ch;
  std::string log;
  const auto attempt = [](channel<int> ch, std::string* log) -> task<> {
    try {
      (void)co_await ch.send(background(), 1);
    } catch (const ChannelClosed& e) {
      *log += std::string(e.what()) + ";";
    }
  };
  scheduler.go(attempt(ch, &log));
  scheduler.run_until_idle();
  ch.close();
  scheduler.go(attempt(ch, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "send on closed channel;send on closed channel;");
  EXPECT_THROW(ch.close(), ChannelClosed);
}

TEST(ChannelConformance, AParkedSenderOrReceiverStopsWhenItsContextIsDone) {
  TestScheduler scheduler;
  channel<int> sending, receiving;
  std::string sends, receives;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(send_all(ctx, sending, {1}, &sends));
  scheduler.go(receive_all(ctx, receiving, &receives));
  scheduler.run_until_idle();
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "context canceled;");
  EXPECT_EQ(receives, "context canceled;");
  // The ones who gave up are no longer in the queues: values go to others, and come from others.
  std::string later;
  scheduler.go(receive_all(background(), receiving, &later));
  scheduler.go(send_all(background(), receiving, {7}, &sends));
  scheduler.run_until_idle();
  EXPECT_EQ(later, "got 7;");
  scheduler.go(receive_all(background(), sending, &later));
  scheduler.go(send_all(background(), sending, {8}, &sends));
  scheduler.run_until_idle();
  EXPECT_EQ(later, "got 7;got 8;");
}

TEST(ChannelConformance, ADoneContextNeitherSendsNorReceives) {
  TestScheduler scheduler;
  channel<int> ch(2);
  std::string log;
  scheduler.go(send_all(background(), ch, {1}, &log));
  scheduler.run_until_idle();
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  scheduler.go(send_all(ctx, ch, {2}, &log));
  scheduler.go(receive_all(ctx, ch, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "sent 1;context canceled;context canceled;");
  EXPECT_EQ(ch.size(), 1u);
}

TEST(ChannelConformance, AValueHandedOverBeforeTheCancellationCounts) {
  TestScheduler scheduler;
  channel<int> ch;
  std::string sends, receives;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(receive_all(ctx, ch, &receives));
  scheduler.run_until_idle();
  scheduler.go(send_all(background(), ch, {1}, &sends));
  scheduler.go([](CancelHandle cancel) -> task<> {
    cancel();  // before the receiver, ready since the send, has its turn
    co_return;
  }(std::move(cancel)));
  scheduler.run_until_idle();
  EXPECT_EQ(sends, "sent 1;");
  EXPECT_EQ(receives, "got 1;context canceled;");
}

TEST(ChannelConformance, ValuesComeInTheOrderOfTheSendersWhoWait) {
  TestScheduler scheduler;
  channel<int> ch(1);
  std::string log;
  for (int value = 1; value <= 4; ++value) {
    scheduler.go(send_all(background(), ch, {value}, &log));
    scheduler.run_until_idle();
  }
  log.clear();
  std::string receives;
  scheduler.go(receive_all(background(), ch, &receives));
  scheduler.run_until_idle();
  EXPECT_EQ(receives, "got 1;got 2;got 3;got 4;");
  EXPECT_EQ(log, "sent 2;sent 3;sent 4;");
}

TEST(ChannelConformance, ReceiversAreServedInTheOrderTheyCame) {
  TestScheduler scheduler;
  channel<int> ch;
  std::string first, second, sends;
  scheduler.go(receive_all(background(), ch, &first));
  scheduler.run_until_idle();
  scheduler.go(receive_all(background(), ch, &second));
  scheduler.run_until_idle();
  scheduler.go(send_all(background(), ch, {1, 2}, &sends));
  scheduler.run_until_idle();
  EXPECT_EQ(first, "got 1;");
  EXPECT_EQ(second, "got 2;");
}

TEST(ChannelConformance, CloseDropsTheValuesOfSendersThatWaitAndKeepsThoseStored) {
  TestScheduler scheduler;
  channel<int> ch(1);
  std::string log, receives;
  scheduler.go(send_all(background(), ch, {1}, &log));
  scheduler.go([](channel<int> ch, std::string* log) -> task<> {
    try {
      (void)co_await ch.send(background(), 2);
    } catch (const ChannelClosed&) {
      *log += "thrown;";
    }
  }(ch, &log));
  scheduler.run_until_idle();
  ch.close();
  scheduler.go(receive_all(background(), ch, &receives));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "sent 1;thrown;");
  EXPECT_EQ(receives, "got 1;closed;");
}

task<> send_and_look(Context ctx, channel<std::unique_ptr<int>> ch, std::string* log) {
  auto value = std::make_unique<int>(5);
  try {
    const Failure failure = co_await ch.send(ctx, std::move(value));
    *log += failure ? failure.message() : "sent";
  } catch (const ChannelClosed&) {
    *log += "thrown";
  }
  // NOLINTNEXTLINE(bugprone-use-after-move): whether it was moved from is the question
  *log += value == nullptr ? ", gone;" : ", kept;";
}

TEST(ChannelConformance, AValueThatIsNotSentStaysWithItsSender) {
  TestScheduler scheduler;
  channel<std::unique_ptr<int>> ch;
  std::string log;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(send_and_look(ctx, ch, &log));
  scheduler.run_until_idle();
  cancel();
  scheduler.go(send_and_look(ctx, ch, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled, kept;context canceled, kept;");
  log.clear();
  scheduler.go(send_and_look(background(), ch, &log));
  scheduler.run_until_idle();
  ch.close();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "thrown, kept;");
  log.clear();
  scheduler.go(send_and_look(background(), channel<std::unique_ptr<int>>(1), &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "sent, gone;");
}

TEST(ChannelConformance, ANilOneWaitsForItsContextAndNothingElse) {
  TestScheduler scheduler;
  channel<int> nil = nullptr;
  std::string log;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(send_all(ctx, nil, {1}, &log));
  scheduler.go(receive_all(ctx, nil, &log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "");
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 2);
  cancel();
  scheduler.run_until_idle();
  EXPECT_EQ(log, "context canceled;context canceled;");
}

TEST(ChannelConformance, ANilOneIsEmptyAndCannotBeClosed) {
  channel<int> ch;
  EXPECT_TRUE(ch != nullptr);
  ch = nullptr;
  EXPECT_TRUE(ch == nullptr);
  EXPECT_EQ(ch.size(), 0u);
  EXPECT_THROW(ch.close(), ChannelClosed);
}

TEST(ChannelConformance, CarriesWhatCanOnlyBeMoved) {
  TestScheduler scheduler;
  channel<std::unique_ptr<int>> ch(1);
  int result = 0;
  scheduler.go([](channel<std::unique_ptr<int>> ch) -> task<> {
    (void)co_await ch.send(background(), std::make_unique<int>(5));
  }(ch));
  scheduler.go([](channel<std::unique_ptr<int>> ch, int* out) -> task<> {
    auto received = co_await ch.receive(background());
    *out = **received.value;
  }(ch, &result));
  scheduler.run_until_idle();
  EXPECT_EQ(result, 5);
}

TEST(Channel, SaysWhatItsTasksWaitFor) {
  TestScheduler scheduler;
  channel<int> ch, other;
  std::string log;
  scheduler.go(send_all(background(), ch, {1}, &log));
  scheduler.go(receive_all(background(), other, &log));
  scheduler.run_until_idle();
  std::string reasons;
  for (const auto& info : scheduler.scheduler().list_tasks(5)) {
    reasons += std::string(to_string(info.waiting)) + ";";
  }
  EXPECT_EQ(reasons, "channel send;channel receive;");
}

TEST(Channel, OutlivesTheSchedulerWhoseTasksWereParkedOnIt) {
  channel<int> ch;
  std::string log;
  {
    TestScheduler scheduler;
    scheduler.go(receive_all(background(), ch, &log));
    scheduler.run_until_idle();
  }
  ch.close();
  EXPECT_EQ(log, "");
}

TEST(ChannelConformance, RefusesANegativeCapacity) {
  EXPECT_THROW(channel<int>(static_cast<std::size_t>(-1)), std::invalid_argument);
}

}  // namespace
}  // namespace leakbench
