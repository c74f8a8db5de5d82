#include "runtime/testing/expect_no_leaked_tasks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

#include "runtime/testing/leaked_tasks.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

using internal::AllowList;
using internal::Census;
using Ids = std::set<std::uint64_t>;

constexpr Duration kFirstPause = std::chrono::milliseconds(1);
constexpr Duration kLongestPause = std::chrono::milliseconds(100);

// Looks until the census is complete and `good`, or patience or attempts are over.
struct Look {
  Census census;
  std::string chance;  // what the tasks were given, for people
};
template <typename Good>
Look look_until(Scheduler& scheduler, const LeakCheckOptions& options, AllowList& allowed,
                Good good) {
  const auto start = std::chrono::steady_clock::now();
  Duration pause = kFirstPause;
  for (int attempt = 1;; ++attempt) {
    Census census = internal::take_census(scheduler, allowed);
    const Duration waited = std::chrono::steady_clock::now() - start;
    if ((census.complete && good(census)) || attempt >= options.attempts ||
        waited >= options.patience) {
      return {std::move(census), fmt::format("after {} and {} {}", format_duration(waited), attempt,
                                             attempt == 1 ? "look" : "looks")};
    }
    std::this_thread::sleep_for(std::min(pause, options.patience - waited));
    pause = std::min(2 * pause, kLongestPause);
  }
}

// Time stands still there, so that a second look would see what the first one saw.
template <typename Good>
Look look_until(TestScheduler& scheduler, const LeakCheckOptions&, AllowList& allowed, Good) {
  scheduler.run_until_idle();
  return {internal::take_census(scheduler.scheduler(), allowed), "with nothing left to run"};
}

template <typename AnyScheduler>
Ids live_ids(AnyScheduler& scheduler, const LeakCheckOptions& options) {
  AllowList allowed(options.allow);
  const Look look = look_until(scheduler, options, allowed, [](const Census&) { return true; });
  Ids ids;
  for (const TaskInfo& info : look.census.tasks) ids.insert(info.id);
  return ids;
}

void report(const Look& look, const std::vector<TaskInfo>& leaks, const AllowList& allowed,
            const std::source_location& location) {
  std::string message;
  if (!leaks.empty()) {
    message =
        fmt::format("{} {} leaked, alive {}:{}", leaks.size(), leaks.size() == 1 ? "task" : "tasks",
                    look.chance, internal::describe_leaks(leaks));
  } else {
    message = fmt::format(
        "the live tasks could not be counted {}: {} found, others start, end, or are on a worker "
        "that "
        "does not answer; end whatever starts tasks before the check",
        look.chance, look.census.tasks.size());
  }
  if (const auto unused = allowed.unused(); !unused.empty()) {
    message += fmt::format("\n  allowed, but matches no spawn site: {}", fmt::join(unused, ", "));
  }
  ADD_FAILURE_AT(location.file_name(), static_cast<int>(location.line())) << message;
}

template <typename AnyScheduler>
void check(AnyScheduler& scheduler, const LeakCheckOptions& options, const Ids& before,
           const std::source_location& location) {
  AllowList allowed(options.allow);
  const auto leaks_of = [&](const Census& census) {
    auto leaks = census.tasks;
    std::erase_if(leaks, [&](const TaskInfo& info) { return before.contains(info.id); });
    return leaks;
  };
  const Look look = look_until(scheduler, options, allowed,
                               [&](const Census& census) { return leaks_of(census).empty(); });
  const auto leaks = leaks_of(look.census);
  if (look.census.complete && leaks.empty()) return;
  report(look, leaks, allowed, location);
}

}  // namespace

void expect_no_leaked_tasks(Scheduler& scheduler, const LeakCheckOptions& options,
                            std::source_location location) {
  check(scheduler, options, {}, location);
}

void expect_no_leaked_tasks(TestScheduler& scheduler, const LeakCheckOptions& options,
                            std::source_location location) {
  check(scheduler, options, {}, location);
}

NoLeakedTasks::NoLeakedTasks(Scheduler& scheduler, const LeakCheckOptions& options,
                             std::source_location location)
    : check_([&scheduler, options, before = live_ids(scheduler, options), location] {
        check(scheduler, options, before, location);
      }) {}

NoLeakedTasks::NoLeakedTasks(TestScheduler& scheduler, const LeakCheckOptions& options,
                             std::source_location location)
    : check_([&scheduler, options, before = live_ids(scheduler, options), location] {
        check(scheduler, options, before, location);
      }) {}

NoLeakedTasks::~NoLeakedTasks() { check_(); }

}  // namespace leakbench
