// What becomes of an exception that leaves a detached task: reported, counted, survived.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/task/after_func.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> throws(std::string what) {
  throw std::runtime_error(what);
  co_return;
}

// Throws two awaits down and one sleep later, with something alive on the way.
task<> throws_in_the_depth(std::shared_ptr<int> alive) {
  (void)alive;
  co_await []() -> task<> {
    (void)co_await sleep_for(background(), 1s);
    co_await throws("deep");
  }();
}

std::string what_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "something else";
  }
}

TEST(UnhandledException, IsOneLineOnStderrWithTheSpawnSiteAndTheOthersGoOn) {
  TestScheduler scheduler;
  bool went_on = false;
  testing::internal::CaptureStderr();
  const auto line = std::source_location::current().line() + 1;
  scheduler.go(throws("boom"), "thrower");
  scheduler.go([](bool* went_on) -> task<> {
    co_await yield();
    *went_on = true;
  }(&went_on));
  scheduler.run_until_idle();
  const std::string output = testing::internal::GetCapturedStderr();
  EXPECT_NE(output.find("\"thrower\""), std::string::npos) << output;
  EXPECT_NE(output.find("unhandled_exception_test.cc:" + std::to_string(line)), std::string::npos)
      << output;
  EXPECT_TRUE(output.ends_with("boom\n")) << output;
  EXPECT_TRUE(went_on);
  EXPECT_EQ(scheduler.scheduler().unhandled_exceptions(), 1u);
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(UnhandledException, OfAnotherTypeIsReportedToo) {
  TestScheduler scheduler;
  testing::internal::CaptureStderr();
  scheduler.go([]() -> task<> {
    throw 42;
    co_return;
  }());
  scheduler.run_until_idle();
  EXPECT_TRUE(testing::internal::GetCapturedStderr().ends_with("not a std::exception\n"));
  EXPECT_EQ(scheduler.scheduler().unhandled_exceptions(), 1u);
}

TEST(UnhandledException, FromTheDepthIsReportedOnceForTheTaskAndFreesAllItsFrames) {
  Scheduler::Options options;
  std::vector<std::string> reports;
  options.on_unhandled_exception = [&](const TaskInfo& info, std::exception_ptr failure) {
    reports.push_back(info.site.name + ": " + what_of(failure));
  };
  TestScheduler scheduler(std::move(options));
  auto alive = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = alive;
  scheduler.go(throws_in_the_depth(std::move(alive)), "outer");
  scheduler.run_until_idle();
  EXPECT_FALSE(watch.expired());
  scheduler.advance(2s);
  EXPECT_EQ(reports, (std::vector<std::string>{"outer: deep"}));
  EXPECT_TRUE(watch.expired());
}

TEST(UnhandledException, OfAnAfterFuncNamesThePlaceThatRegisteredIt) {
  Scheduler::Options options;
  std::vector<TaskInfo> reports;
  options.on_unhandled_exception = [&](const TaskInfo& info, const std::exception_ptr&) {
    reports.push_back(info);
  };
  TestScheduler scheduler(std::move(options));
  auto [ctx, cancel] = with_cancel(background());
  const auto line = std::source_location::current().line() + 1;
  after_func(
      ctx, [] { throw std::runtime_error("boom"); }, &scheduler.worker());
  cancel();
  scheduler.run_until_idle();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].site.line, line);
  EXPECT_TRUE(reports[0].site.file.ends_with("unhandled_exception_test.cc"));
}

TEST(UnhandledException, AReportThatThrowsItselfIsReplacedByTheLine) {
  Scheduler::Options options;
  options.on_unhandled_exception = [](const TaskInfo&, const std::exception_ptr&) {
    throw std::runtime_error("no report today");
  };
  TestScheduler scheduler(std::move(options));
  testing::internal::CaptureStderr();
  scheduler.go(throws("boom"), "thrower");
  scheduler.run_until_idle();
  const std::string output = testing::internal::GetCapturedStderr();
  EXPECT_NE(output.find("\"thrower\""), std::string::npos) << output;
  EXPECT_TRUE(output.ends_with("boom\n")) << output;
  EXPECT_EQ(scheduler.scheduler().unhandled_exceptions(), 1u);
  EXPECT_EQ(scheduler.scheduler().live_tasks(), 0);
}

TEST(UnhandledException, IsCountedExactlyOnFourWorkers) {
  constexpr int kTasks = 2'000;
  std::mutex mutex;
  int reported = 0, misnamed = 0;
  std::atomic<int> finished{0};
  Scheduler scheduler(
      {.workers = 4, .on_unhandled_exception = [&](const TaskInfo& info, std::exception_ptr e) {
         std::lock_guard guard(mutex);
         ++reported;
         if (info.site.name != what_of(e)) ++misnamed;
       }});
  for (int i = 0; i < kTasks; ++i) {
    const char* name = i % 2 == 0 ? "even" : "odd";
    scheduler.go(
        [](std::string name, std::atomic<int>* finished) -> task<> {
          co_await yield();
          ++*finished;
          co_await throws(name);
        }(name, &finished),
        name);
  }
  ASSERT_TRUE(eventually([&] { return scheduler.live_tasks() == 0; }));
  std::lock_guard guard(mutex);
  EXPECT_EQ(finished, kTasks);
  EXPECT_EQ(reported, kTasks);
  EXPECT_EQ(misnamed, 0);
  EXPECT_EQ(scheduler.unhandled_exceptions(), static_cast<std::uint64_t>(kTasks));
}

}  // namespace
}  // namespace leakbench
