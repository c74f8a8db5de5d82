#include "runtime/sync/select.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <string>
#include <utility>

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

template <std::size_t kCases, std::size_t... kIndices>
auto receive_any(const std::array<channel<int>, kCases>& channels,
                 std::array<std::optional<int>, kCases>& outs, std::index_sequence<kIndices...>) {
  return select(background(), on_receive(channels[kIndices], outs[kIndices])...);
}

task<> send(channel<int> ch, int value) { (void)co_await ch.send(background(), value); }

class SelectConformance : public testing::Test {
 protected:
  void start_select(const Context& ctx = background()) {
    scheduler_.go(select_once(ctx, a_, b_, &log_));
    scheduler_.run_until_idle();
  }

  TestScheduler scheduler_;
  channel<int> a_, b_;
  std::string log_;
};

TEST_F(SelectConformance, TakesTheCaseThatIsReady) {
  scheduler_.go(send(b_, 7));
  scheduler_.run_until_idle();
  start_select();
  EXPECT_EQ(log_, "b7;");
}

TEST_F(SelectConformance, WaitsForTheFirstCaseToComeAndLeavesTheOthersAlone) {
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

TEST_F(SelectConformance, TimesOut) {
  start_select();
  scheduler_.advance(2s);
  EXPECT_EQ(log_, "timeout;");
}

TEST_F(SelectConformance, EndsWithItsContextParkedOrNot) {
  auto [ctx, cancel] = with_cancel(background());
  start_select(ctx);
  cancel();
  scheduler_.run_until_idle();
  start_select(ctx);
  EXPECT_EQ(log_, "context canceled;context canceled;");
}

TEST_F(SelectConformance, AClosedChannelIsReady) {
  b_.close();
  start_select();
  EXPECT_EQ(log_, "bclosed;");
}

TEST_F(SelectConformance, CloseWakesAParkedSelect) {
  start_select();
  a_.close();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "aclosed;");
}

// How often each of `kCases` receives is chosen in `rounds`, when those of `ready` can go on at
// once.
template <std::size_t kCases>
std::array<int, kCases> count_choices(std::array<bool, kCases> ready, int rounds) {
  TestScheduler scheduler;
  std::array<channel<int>, kCases> channels;
  for (std::size_t i = 0; i < kCases; ++i) {
    if (ready[i]) channels[i].close();  // a closed channel is always ready
  }
  std::array<int, kCases> counts{};
  const auto choose = [](std::array<channel<int>, kCases> channels, int rounds, int* counts,
                         auto indices) -> task<> {
    internal::select_dice() = 20'240'229;
    for (int round = 0; round < rounds; ++round) {
      std::array<std::optional<int>, kCases> outs;
      const Selected chosen = co_await receive_any(channels, outs, indices);
      ++counts[chosen.index];
    }
  };
  scheduler.go(choose(channels, rounds, counts.data(), std::make_index_sequence<kCases>()));
  scheduler.run_until_idle();
  return counts;
}

// Pearson's statistic against an even spread; with 1 to 4 degrees of freedom, a fair select exceeds
// 25 less than once in 10,000 seeds.
template <std::size_t kCases>
double chi_square(const std::array<int, kCases>& counts, std::array<bool, kCases> ready) {
  const double expected = static_cast<double>(std::accumulate(counts.begin(), counts.end(), 0)) /
                          static_cast<double>(std::count(ready.begin(), ready.end(), true));
  double sum = 0;
  for (std::size_t i = 0; i < kCases; ++i) {
    if (ready[i]) sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

template <std::size_t kCases>
void expect_fair(std::array<bool, kCases> ready) {
  const auto counts = count_choices(ready, 30'000);
  EXPECT_LT(chi_square(counts, ready), 25) << testing::PrintToString(counts);
  for (std::size_t i = 0; i < kCases; ++i) {
    if (!ready[i]) {
      EXPECT_EQ(counts[i], 0);
    }
  }
}

TEST_F(SelectConformance, ChoosesEvenlyBetweenCasesThatAreAllReady) {
  expect_fair<2>({true, true});
  expect_fair<3>({true, true, true});
  expect_fair<5>({true, true, true, true, true});
}

TEST_F(SelectConformance, ChoosesEvenlyWhereverTheIdleCasesStand) {
  expect_fair<3>({true, false, true});
  expect_fair<5>({false, false, true, false, true});
  expect_fair<5>({true, false, false, false, true});
}

TEST_F(SelectConformance, SendsOrReceivesOnTheSameChannelTwiceWithoutHarm) {
  scheduler_.go([](channel<int> ch) -> task<> {
    std::optional<int> one, two;
    const Selected chosen = co_await select(background(), on_receive(ch, one), on_receive(ch, two));
    EXPECT_TRUE((chosen.index == 0 ? one : two).has_value());
  }(a_));
  scheduler_.go(send(a_, 3));
  scheduler_.run_until_idle();
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
}

TEST_F(SelectConformance, TwoSelectsMeet) {
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

TEST_F(SelectConformance, ASendCaseThrowsWhenItsChannelIsClosed) {
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

TEST_F(SelectConformance, ParkedOnSeveralItTakesOneValueAndLosesNone) {
  start_select();
  scheduler_.go(send(a_, 1));
  scheduler_.go(send(b_, 2));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "a1;");
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);  // the other sender keeps its value
  start_select();
  EXPECT_EQ(log_, "a1;b2;");
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
}

TEST_F(SelectConformance, WithSeveralReadyTheOthersKeepTheirValues) {
  for (int round = 0; round < 50; ++round) {
    channel<int> a(1), b(1);
    scheduler_.go(send(a, 1));
    scheduler_.go(send(b, 2));
    scheduler_.go(select_once(background(), a, b, &log_));
    scheduler_.run_until_idle();
    EXPECT_EQ(a.size() + b.size(), 1u);
    scheduler_.go(select_once(background(), a, b, &log_));
    scheduler_.run_until_idle();
    EXPECT_TRUE(log_ == "a1;b2;" || log_ == "b2;a1;") << log_;
    log_.clear();
  }
}

TEST_F(SelectConformance, CancelledItLeavesNothingBehind) {
  auto [ctx, cancel] = with_cancel(background());
  start_select(ctx);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "context canceled;");
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
  // A sender finds no receiver in either queue, and the next select finds the sender.
  scheduler_.go(send(a_, 1));
  scheduler_.run_until_idle();
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);
  start_select();
  EXPECT_EQ(log_, "context canceled;a1;");
  a_.close();
  b_.close();
}

TEST_F(SelectConformance, CancelledInASendItLeavesNothingBehind) {
  auto [ctx, cancel] = with_cancel(background());
  scheduler_.go([](Context ctx, channel<int> a, channel<int> b, std::string* log) -> task<> {
    const Selected chosen = co_await select(ctx, on_send(a, 1), on_send(b, 2));
    *log += chosen.failure.message() + ";";
  }(ctx, a_, b_, &log_));
  scheduler_.run_until_idle();
  cancel();
  start_select();
  EXPECT_EQ(log_, "context canceled;");  // the one that came now waits: nobody sends
  scheduler_.advance(2s);
  EXPECT_EQ(log_, "context canceled;timeout;");
}

TEST_F(SelectConformance, TheValueOfASendThatDidNotHappenStaysWithItsSender) {
  channel<std::unique_ptr<int>> taken(1), full;
  scheduler_.go([](channel<std::unique_ptr<int>> taken, channel<std::unique_ptr<int>> full,
                   std::string* log) -> task<> {
    auto one = std::make_unique<int>(1);
    auto two = std::make_unique<int>(2);
    const Selected chosen = co_await select(background(), on_send(full, std::move(one)),
                                            on_send(taken, std::move(two)));
    // NOLINTBEGIN(bugprone-use-after-move): whether they were moved from is the question
    *log += std::to_string(chosen.index) + (one != nullptr ? " kept" : " gone");
    *log += two != nullptr ? " kept" : " gone";
    // NOLINTEND(bugprone-use-after-move)
  }(taken, full, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "1 kept gone");
  EXPECT_EQ(taken.size(), 1u);
}

TEST_F(SelectConformance, ANilChannelTurnsItsCaseOff) {
  // Go's idiom: two sources until both are closed.
  scheduler_.go([](channel<int> a, channel<int> b, std::string* log) -> task<> {
    while (a != nullptr || b != nullptr) {
      std::optional<int> from_a, from_b;
      const Selected chosen =
          co_await select(background(), on_receive(a, from_a), on_receive(b, from_b));
      const auto& value = chosen.index == 0 ? from_a : from_b;
      *log += (chosen.index == 0 ? "a" : "b") + (value ? std::to_string(*value) : "closed") + ";";
      if (!value) (chosen.index == 0 ? a : b) = nullptr;
    }
    *log += "both closed";
  }(a_, b_, &log_));
  scheduler_.run_until_idle();
  a_.close();
  scheduler_.go(send(b_, 1));
  scheduler_.go(send(b_, 2));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "aclosed;b1;b2;");
  b_.close();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "aclosed;b1;b2;bclosed;both closed");
}

TEST_F(SelectConformance, OfNilChannelsOrNoCasesWaitsForItsContext) {
  auto [ctx, cancel] = with_cancel(background());
  scheduler_.go([](Context ctx, std::string* log) -> task<> {
    channel<int> nil = nullptr;
    std::optional<int> out;
    const Selected chosen = co_await select(ctx, on_receive(nil, out), on_send(nil, 1));
    *log += chosen.failure.message() + ";";
  }(ctx, &log_));
  scheduler_.go([](Context ctx, std::string* log) -> task<> {
    *log += (co_await select(ctx)).failure.message() + ";";
  }(ctx, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "");
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "context canceled;context canceled;");
}

TEST_F(SelectConformance, TheDefaultHappensWhenNothingElseCanAtOnce) {
  const auto attempt = [](channel<int> a, channel<int> nil, std::string* log) -> task<> {
    std::optional<int> from_a, never;
    const Selected chosen =
        co_await select(background(), on_receive(a, from_a), on_default(), on_receive(nil, never));
    *log += chosen.index == 0 ? "received;" : chosen.index == 1 ? "default;" : "?";
  };
  scheduler_.go(attempt(a_, nullptr, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "default;");
  scheduler_.go(send(a_, 1));
  scheduler_.run_until_idle();
  scheduler_.go(attempt(a_, nullptr, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "default;received;");
}

TEST_F(SelectConformance, SendAndReceiveOnOneChannelDoNotMeetEachOther) {
  const auto both = [](channel<int> ch, std::string* log) -> task<> {
    std::optional<int> out;
    const Selected chosen = co_await select(background(), on_send(ch, 1), on_receive(ch, out));
    *log += chosen.index == 0 ? "sent;" : "received " + std::to_string(*out) + ";";
  };
  scheduler_.go(both(a_, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "");
  scheduler_.go(both(a_, &log_));  // but two such selects do
  scheduler_.run_until_idle();
  EXPECT_TRUE(log_ == "sent;received 1;" || log_ == "received 1;sent;") << log_;
}

TEST_F(SelectConformance, ASendOnAClosedChannelThrowsAtOnce) {
  a_.close();
  scheduler_.go([](channel<int> a, std::string* log) -> task<> {
    try {
      (void)co_await select(background(), on_send(a, 1));
    } catch (const ChannelClosed& e) {
      *log += e.what();
    }
  }(a_, &log_));
  scheduler_.run_until_idle();
  EXPECT_EQ(log_, "send on closed channel");
}

}  // namespace
}  // namespace leakbench
