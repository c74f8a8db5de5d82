#include "runtime/sync/select.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> select_once(Context ctx, channel<int> a, channel<int> b, std::string* log) {
  std::optional<int> from_a, from_b;
  const Selected chosen =
      co_await select(ctx, on_receive(a, from_a), on_receive(b, from_b), on_timeout(1s));
  if (chosen.failure) {
    *log += chosen.failure.message() + ";";
  } else if (chosen.index == 2) {
    *log += "timeout;";
  } else {
    const auto& value = chosen.index == 0 ? from_a : from_b;
    *log += (chosen.index == 0 ? "a" : "b") + (value ? std::to_string(*value) : "closed") + ";";
  }
}

task<> send(channel<int> ch, int value) { (void)co_await ch.send(background(), value); }

class SelectTest : public testing::Test {
 protected:
  void start_select(const Context& ctx = background()) {
    scheduler_.go(select_once(ctx, a_, b_, &log_));
    scheduler_.run_until_idle();
  }

  TestScheduler scheduler_;
  channel<int> a_, b_;
  std::string log_;
};

TEST_F(SelectTest, TakesTheCaseThatIsReady) {
  scheduler_.go(send(b_, 7));
  scheduler_.run_until_idle();
  start_select();
  EXPECT_EQ(log_, "b7;");
}

TEST_F(SelectTest, WaitsForTheFirstCaseToComeAndLeavesTheOthersAlone) {
  start_select();
  EXPECT_EQ(log_, "");
  scheduler_.go(send(a_, 1));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "a1;");
  scheduler_.go(send(b_, 2));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "a1;");
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);  // the second sender still waits
}

TEST_F(SelectTest, TimesOut) {
  start_select();
  scheduler_.advance(2s);
  EXPECT_EQ(log_, "timeout;");
}

TEST_F(SelectTest, EndsWithItsContextParkedOrNot) {
  auto [ctx, cancel] = with_cancel(background());
  start_select(ctx);
  cancel();
  scheduler_.run_until_idle();
  start_select(ctx);
  EXPECT_EQ(log_, "context canceled;context canceled;");
}

TEST_F(SelectTest, AClosedChannelIsReady) {
  b_.close();
  start_select();
  EXPECT_EQ(log_, "bclosed;");
}

TEST_F(SelectTest, CloseWakesAParkedSelect) {
  start_select();
  a_.close();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "aclosed;");
}

TEST_F(SelectTest, IsFairBetweenCasesThatAreAllReady) {
  channel<int> a(1'000), b(1'000);
  int from_each[2] = {0, 0};
  scheduler_.go([](channel<int> a, channel<int> b, int* from_each) -> task<> {
    for (int i = 0; i < 1'000; ++i) {
      (void)co_await a.send(background(), i);
      (void)co_await b.send(background(), i);
    }
    std::optional<int> x, y;
    for (int i = 0; i < 1'000; ++i) {
      const Selected chosen = co_await select(background(), on_receive(a, x), on_receive(b, y));
      ++from_each[chosen.index];
    }
  }(a, b, from_each));
  scheduler_.run_until_idle();
  EXPECT_EQ(from_each[0] + from_each[1], 1'000);
  EXPECT_GT(from_each[0], 300);
  EXPECT_GT(from_each[1], 300);
}

TEST_F(SelectTest, SendsOrReceivesOnTheSameChannelTwiceWithoutHarm) {
  scheduler_.go([](channel<int> ch) -> task<> {
    std::optional<int> one, two;
    const Selected chosen = co_await select(background(), on_receive(ch, one), on_receive(ch, two));
    EXPECT_TRUE((chosen.index == 0 ? one : two).has_value());
  }(a_));
  scheduler_.go(send(a_, 3));
  scheduler_.run_until_idle();
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
}

TEST_F(SelectTest, TwoSelectsMeet) {
  std::string chosen;
  scheduler_.go([](channel<int> a, channel<int> b, std::string* log) -> task<> {
    const Selected s = co_await select(background(), on_send(a, 1), on_send(b, 2));
    *log += s.index == 0 ? "sent a;" : "sent b;";
  }(a_, b_, &chosen));
  scheduler_.run_until_idle();
  start_select();
  EXPECT_TRUE((log_ == "a1;" && chosen == "sent a;") || (log_ == "b2;" && chosen == "sent b;"))
      << log_ << chosen;
}

TEST_F(SelectTest, ASendCaseThrowsWhenItsChannelIsClosed) {
  std::string log;
  scheduler_.go([](channel<int> a, channel<int> b, std::string* log) -> task<> {
    std::optional<int> out;
    try {
      (void)co_await select(background(), on_receive(a, out), on_send(b, 1));
    } catch (const ChannelClosed& e) {
      *log = e.what();
    }
  }(a_, b_, &log));
  scheduler_.run_until_idle();
  b_.close();
  scheduler_.run_until_idle();
  EXPECT_EQ(log, "send on closed channel");
}

}  // namespace
}  // namespace leakbench
