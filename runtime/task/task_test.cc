#include "runtime/task/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

task<int> answer(int value) { co_return value; }

task<int> sum_to(int n) {
  if (n == 0) co_return 0;
  co_return n + co_await sum_to(n - 1);
}

task<std::unique_ptr<std::string>> moved() { co_return std::make_unique<std::string>("moved"); }

task<> fail_with(std::string what) {
  throw std::runtime_error(what);
  co_return;
}

TEST(Task, GivesItsResultToWhoeverAwaitsIt) {
  TestScheduler scheduler;
  std::vector<std::string> results;
  scheduler.go([](std::vector<std::string>* out) -> task<> {
    out->push_back(std::to_string(co_await answer(42)));
    out->push_back(*co_await moved());
  }(&results));
  EXPECT_TRUE(results.empty());  // lazy: nothing runs before the first turn
  scheduler.run_until_idle();
  EXPECT_EQ(results, (std::vector<std::string>{"42", "moved"}));
}

TEST(Task, AwaitsADeepChainWithoutUsingUpTheStack) {
  TestScheduler scheduler;
  int sum = 0;
  scheduler.go([](int* out) -> task<> { *out = co_await sum_to(50'000); }(&sum));
  scheduler.run_until_idle();
  EXPECT_EQ(sum, 1'250'025'000);
}

TEST(Task, AwaitsAMillionTimesInALoopWithoutUsingUpTheStack) {
  TestScheduler scheduler;
  long sum = 0;
  scheduler.go([](long* out) -> task<> {
    for (int i = 0; i < 1'000'000; ++i) *out += co_await answer(1);
  }(&sum));
  scheduler.run_until_idle();
  EXPECT_EQ(sum, 1'000'000);
}

TEST(Task, AnExceptionReachesWhoeverAwaits) {
  TestScheduler scheduler;
  std::string caught;
  scheduler.go([](std::string* out) -> task<> {
    try {
      co_await fail_with("boom");
    } catch (const std::runtime_error& e) {
      *out = e.what();
    }
  }(&caught));
  scheduler.run_until_idle();
  EXPECT_EQ(caught, "boom");
  EXPECT_EQ(scheduler.scheduler().unhandled_exceptions(), 0u);
}

TEST(Task, AnExceptionNobodyAwaitsIsReportedWithItsSpawnSite) {
  Scheduler::Options options;
  std::vector<TaskInfo> reported;
  std::string what;
  options.on_unhandled_exception = [&](const TaskInfo& info, std::exception_ptr failure) {
    reported.push_back(info);
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      what = e.what();
    }
  };
  TestScheduler scheduler(std::move(options));
  const auto line = std::source_location::current().line() + 1;
  scheduler.go(fail_with("nobody listens"), "thrower");
  scheduler.run_until_idle();
  ASSERT_EQ(reported.size(), 1u);
  EXPECT_EQ(reported[0].site.name, "thrower");
  EXPECT_EQ(reported[0].site.line, line);
  EXPECT_EQ(what, "nobody listens");
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(Task, ATaskThatIsNeverAwaitedIsSimplyDestroyed) {
  auto watch = std::make_shared<int>(1);
  std::weak_ptr<int> weak = watch;
  {
    task<> unused = [](std::shared_ptr<int>) -> task<> { co_return; }(std::move(watch));
  }
  EXPECT_TRUE(weak.expired());
}

TEST(Task, FrameBytesCoverTheTaskAndAllItAwaits) {
  TestScheduler scheduler;
  scheduler.go([]() -> task<> { co_await done(background()); }(), "flat");
  scheduler.go([]() -> task<> { co_await []() -> task<> { co_await done(background()); }(); }(),
               "nested");
  scheduler.run_until_idle();
  std::uint32_t flat = 0, nested = 0;
  for (const auto& info : scheduler.scheduler().list_tasks(10)) {
    (info.site.name == "flat" ? flat : nested) = info.frame_bytes;
  }
  EXPECT_GT(flat, 0u);
  EXPECT_GT(nested, flat);
}

TEST(Task, AwaitedTwiceOrMovedFromSaysSo) {
  TestScheduler scheduler;
  std::string log;
  scheduler.go([](std::string* log) -> task<> {
    task<int> once = answer(1);
    *log += std::to_string(co_await std::move(once)) + ";";
    try {
      (void)co_await std::move(once);
    } catch (const std::logic_error& error) {
      *log += error.what();
    }
  }(&log));
  scheduler.run_until_idle();
  EXPECT_EQ(log, "1;task: awaited twice, or moved from");
  task<> gone = fail_with("never");
  const task<> taken = std::move(gone);
  EXPECT_THROW(scheduler.go(std::move(gone)), std::logic_error);
}

}  // namespace
}  // namespace leakbench
