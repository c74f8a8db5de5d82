#include "runtime/testing/expect_no_leaked_tasks.h"

#include <fmt/format.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kWaitForEverLine = std::source_location::current().line() + 1;
task<> wait_for_ever(channel<int> ch) { (void)co_await ch.receive(background()); }

task<> wait_until_done(Context ctx) { (void)co_await done(ctx); }

// What a check says, when it says anything.
std::string message_of(const std::function<void()>& check) {
  testing::TestPartResultArray results;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    check();
  }
  std::string messages;
  for (int i = 0; i < results.size(); ++i) messages += results.GetTestPartResult(i).message();
  const std::string prefix = "Failed\n";  // GoogleTest's own
  return messages.starts_with(prefix) ? messages.substr(prefix.size()) : messages;
}

constexpr LeakCheckOptions kOneLook{.attempts = 1};

TEST(ExpectNoLeakedTasks, IsSilentWithoutTasks) {
  TestScheduler on_test_clock;
  expect_no_leaked_tasks(on_test_clock);
  Scheduler scheduler({.workers = 2});
  expect_no_leaked_tasks(scheduler);
}

TEST(ExpectNoLeakedTasks, FailsWhenATaskStays) {
  TestScheduler on_test_clock;
  on_test_clock.go(wait_for_ever(nullptr));
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(on_test_clock), "1 task leaked");
  Scheduler scheduler({.workers = 4});
  for (int i = 0; i < 7; ++i) scheduler.go(wait_for_ever(nullptr));
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, {.patience = 20ms}),
                          "7 tasks leaked, alive after ");
}

TEST(ExpectNoLeakedTasks, SaysWhereATaskWasStartedAndWhatItWaitsForWhere) {
  TestScheduler scheduler;
  const auto line = std::source_location::current().line() + 1;
  scheduler.go(wait_for_ever(nullptr), "listener");
  scheduler.advance(1'500ms);
  EXPECT_EQ(message_of([&] { expect_no_leaked_tasks(scheduler); }),
            fmt::format("1 task leaked, alive with nothing left to run:\n"
                        "  1 x spawned at runtime/testing/expect_no_leaked_tasks_test.cc:{} "
                        "(listener), waiting for channel receive at "
                        "runtime/testing/expect_no_leaked_tasks_test.cc:{}, oldest 1.5s",
                        line, kWaitForEverLine));
}

TEST(ExpectNoLeakedTasks, PutsLikeTasksTogetherTheLargestGroupFirst) {
  TestScheduler scheduler;
  scheduler.go(wait_until_done(background()), "waiter");
  for (int i = 0; i < 500; ++i) {
    scheduler.go(wait_for_ever(nullptr), "listener");
    if (i == 0) scheduler.advance(3'200ms);
  }
  // Started at one place, but they wait for different things.
  for (int i = 0; i < 12; ++i) {
    scheduler.go(i < 9 ? wait_for_ever(nullptr) : wait_until_done(background()));
  }
  const std::string message = message_of([&] { expect_no_leaked_tasks(scheduler); });
  std::vector<std::string> groups;
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) groups.push_back(line);
  ASSERT_EQ(groups.size(), 5) << message;
  EXPECT_TRUE(groups[0].starts_with("513 tasks leaked")) << message;
  EXPECT_TRUE(groups[1].starts_with("  500 x spawned at ")) << message;
  EXPECT_NE(groups[1].find(" (listener), waiting for channel receive at "), std::string::npos);
  EXPECT_TRUE(groups[1].ends_with(", oldest 3.2s")) << message;
  EXPECT_TRUE(groups[2].starts_with("  9 x ")) << message;
  EXPECT_TRUE(groups[3].starts_with("  3 x ")) << message;
  EXPECT_NE(groups[3].find(", waiting for context at "), std::string::npos) << message;
  EXPECT_TRUE(groups[4].starts_with("  1 x ")) << message;
}

TEST(ExpectNoLeakedTasks, CountsTheRestOfManyGroups) {
  static constexpr std::array kNames{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
  TestScheduler scheduler;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    for (std::size_t tasks = 0; tasks <= i; ++tasks) {
      scheduler.go(wait_for_ever(nullptr), kNames[i]);
    }
  }
  const std::string message = message_of([&] { expect_no_leaked_tasks(scheduler); });
  EXPECT_TRUE(message.ends_with("\n  and 3 more in 2 groups")) << message;
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), 11) << message;
}

TEST(ExpectNoLeakedTasks, SaysWhenATaskWaitsForNothing) {
  std::atomic<bool> stop{false};
  Scheduler scheduler({.workers = 1});
  scheduler.go([](std::atomic<bool>* stop) -> task<> {
    while (!*stop) co_await yield();
  }(&stop));
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, kOneLook), ", runnable, oldest ");
  stop = true;
  expect_no_leaked_tasks(scheduler, {.patience = 20s, .attempts = 1'000});
}

TEST(ExpectNoLeakedTasks, FailsAtThePlaceOfTheCall) {
  TestScheduler scheduler;
  scheduler.go(wait_for_ever(nullptr));
  testing::TestPartResultArray results;
  const auto line = std::source_location::current().line() + 5;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    // The line that is told:
    expect_no_leaked_tasks(scheduler);
  }
  ASSERT_EQ(results.size(), 1);
  EXPECT_TRUE(results.GetTestPartResult(0).nonfatally_failed());
  EXPECT_EQ(results.GetTestPartResult(0).line_number(), static_cast<int>(line));
}

TEST(ExpectNoLeakedTasks, LetsTasksThatAreReadyEndFirst) {
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  for (int i = 0; i < 500; ++i) scheduler.go(wait_until_done(ctx));
  scheduler.run_until_idle();
  cancel();
  expect_no_leaked_tasks(scheduler);
}

TEST(ExpectNoLeakedTasks, ATaskThatEndsDuringTheRetriesIsNoLeak) {
  Scheduler scheduler({.workers = 2});
  for (const auto duration : {1ms, 5ms, 30ms}) {
    scheduler.go([](Duration duration) -> task<> {
      (void)co_await sleep_for(background(), duration);
    }(duration));
  }
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, kOneLook), "1 look");
  expect_no_leaked_tasks(scheduler, {.patience = 20s, .attempts = 1'000});
}

TEST(ExpectNoLeakedTasks, PatienceAndAttemptsAreBothBounds) {
  Scheduler scheduler({});
  scheduler.go(wait_for_ever(nullptr));
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, {.patience = 1h, .attempts = 3}),
                          "and 3 looks");
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, {.patience = 0s}), "and 1 look");
}

TEST(ExpectNoLeakedTasks, TasksOfTheRuntimeAreNoLeaks) {
  TestScheduler scheduler;
  scheduler.scheduler().start(wait_for_ever(nullptr), "listener", TaskKind::kSystem,
                              std::source_location::current());
  expect_no_leaked_tasks(scheduler);
}

TEST(ExpectNoLeakedTasks, TasksThatStartTasksAllTheTimeDoNotHide) {
  // One task lives at any moment, and never the same: a count or a list alone could miss it.
  struct Relay {
    static task<> pass_on(std::atomic<bool>* stop) {
      co_await yield();
      if (!*stop) go(pass_on(stop));
    }
  };
  std::atomic<bool> stop{false};
  Scheduler scheduler({.workers = 4});
  scheduler.go(Relay::pass_on(&stop));
  const std::string message =
      message_of([&] { expect_no_leaked_tasks(scheduler, {.patience = 20ms}); });
  EXPECT_NE(message, "");
  stop = true;
  expect_no_leaked_tasks(scheduler, {.patience = 20s, .attempts = 1'000});
}

TEST(ExpectNoLeakedTasks, AWorkerThatDoesNotAnswerIsNoProofOfTheContrary) {
  Scheduler scheduler({.workers = 1});
  std::atomic<bool> blocked{false}, release{false};
  scheduler.go([](std::atomic<bool>* blocked, std::atomic<bool>* release) -> task<> {
    *blocked = true;
    while (!*release) std::this_thread::yield();
    co_return;
  }(&blocked, &release));
  ASSERT_TRUE(eventually([&] { return blocked.load(); }));
  EXPECT_NONFATAL_FAILURE(expect_no_leaked_tasks(scheduler, kOneLook), "does not answer");
  release = true;
  expect_no_leaked_tasks(scheduler, {.patience = 20s, .attempts = 1'000});
}

class AllowedTasks : public testing::Test {
 protected:
  void SetUp() override {
    line_ = std::source_location::current().line() + 1;
    scheduler_.go(wait_for_ever(nullptr), "listener");
  }
  std::string message_with(std::vector<std::string> allow) {
    return message_of([&] { expect_no_leaked_tasks(scheduler_, {.allow = std::move(allow)}); });
  }

  std::uint32_t line_ = 0;
  TestScheduler scheduler_;
};

TEST_F(AllowedTasks, ByNameByPlaceOrByAPartOfTheFunction) {
  const std::string place = "expect_no_leaked_tasks_test.cc:" + std::to_string(line_);
  EXPECT_EQ(message_with({"listener"}), "");
  EXPECT_EQ(message_with({place}), "");
  EXPECT_EQ(message_with({"testing/" + place}), "");
  EXPECT_EQ(message_with({"AllowedTasks::SetUp"}), "");
}

TEST_F(AllowedTasks, NotByPartsOfANameOrPlace) {
  const std::string line = std::to_string(line_);
  EXPECT_NE(message_with({"listen"}), "");
  EXPECT_NE(message_with({line}), "");
  EXPECT_NE(message_with({"tasks_test.cc:" + line}), "");
  EXPECT_NE(message_with({"expect_no_leaked_tasks_test.cc:" + line + "0"}), "");
}

TEST_F(AllowedTasks, DoNotCoverOthers) {
  scheduler_.go(wait_for_ever(nullptr), "stray");
  const std::string message = message_with({"listener"});
  EXPECT_TRUE(message.starts_with("1 task leaked")) << message;
  EXPECT_NE(message.find("(stray)"), std::string::npos);
  EXPECT_EQ(message.find("(listener)"), std::string::npos);
}

TEST_F(AllowedTasks, AnEntryThatMatchesNothingIsMentioned) {
  const std::string message = message_with({"listner", "SetUp"});
  EXPECT_EQ(message, "");
  scheduler_.go(wait_for_ever(nullptr), "stray");
  EXPECT_TRUE(message_with({"listner", "SetUp"}).ends_with("matches no spawn site: listner"));
}

TEST_F(AllowedTasks, AnEmptyEntryIsAnError) {
  EXPECT_THROW(expect_no_leaked_tasks(scheduler_, {.allow = {""}}), std::invalid_argument);
  EXPECT_THROW(NoLeakedTasks(scheduler_, {.allow = {""}}), std::invalid_argument);
}

TEST(NoLeakedTasks, IgnoresTasksThatLivedBefore) {
  TestScheduler scheduler;
  scheduler.go(wait_for_ever(nullptr), "before");
  const std::string message = message_of([&] {
    const NoLeakedTasks no_leaks(scheduler);
    scheduler.go(wait_for_ever(nullptr), "within");
  });
  EXPECT_TRUE(message.starts_with("1 task leaked")) << message;
  EXPECT_NE(message.find("(within)"), std::string::npos) << message;
  EXPECT_EQ(message.find("(before)"), std::string::npos) << message;
}

TEST(NoLeakedTasks, IsSilentWhenWhatWasStartedHasEnded) {
  channel<int> ch;
  Scheduler scheduler({.workers = 4});
  for (int i = 0; i < 10; ++i) scheduler.go(wait_for_ever(nullptr), "before");
  {
    const NoLeakedTasks no_leaks(scheduler, {.patience = 20s, .attempts = 1'000});
    for (int i = 0; i < 10; ++i) scheduler.go(wait_for_ever(ch), "within");
    ch.close();
  }
  EXPECT_EQ(scheduler.live_tasks(), 10);
}

TEST(NoLeakedTasks, CountsATaskOfTheSameSiteThatReplacedOneFromBefore) {
  TestScheduler scheduler;
  channel<int> ch;
  const auto start = [&scheduler](channel<int> ch) { scheduler.go(wait_for_ever(ch)); };
  start(ch);
  EXPECT_NONFATAL_FAILURE(
      {
        const NoLeakedTasks no_leaks(scheduler);
        ch.close();
        start(nullptr);
      },
      "1 task leaked");
}

TEST(NoLeakedTasks, NamesThePlaceItWasDeclaredAt) {
  testing::TestPartResultArray results;
  TestScheduler scheduler;
  const auto line = std::source_location::current().line() + 4;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    const NoLeakedTasks no_leaks(scheduler);
    scheduler.go(wait_for_ever(nullptr));
  }
  ASSERT_EQ(results.size(), 1);
  EXPECT_EQ(results.GetTestPartResult(0).line_number(), static_cast<int>(line));
}

}  // namespace
}  // namespace leakbench
