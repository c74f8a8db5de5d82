#include "harness/probe/target_processes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <utility>

namespace leakbench {
namespace {

// Says what it is told to.
class FixedSource : public MetricsSource {
 public:
  MetricsReading read() override { return reading; }
  std::optional<TaskProfile> task_profile() override { return profile; }
  std::optional<PauseSnapshot> pause() override { return beats; }
  SeriesValues series(const std::vector<std::string>& names) override {
    SeriesValues values;
    for (const std::string& name : names) {
      const auto found = counters.find(name);
      values.push_back(found == counters.end() ? std::nullopt : std::optional(found->second));
    }
    return values;
  }
  void collect_garbage() override { ++collections; }
  std::vector<std::string> take_problems() override { return std::exchange(problems, {}); }

  MetricsReading reading;
  std::optional<TaskProfile> profile;
  std::optional<PauseSnapshot> beats;
  std::map<std::string, double> counters;
  std::vector<std::string> problems;
  int collections = 0;
};

// Two processes, "user" and "main", and what they say.
struct Two {
  Two() {
    std::vector<WatchedProcess> both;
    for (const char* name : {"user", "main"}) {
      auto source = std::make_unique<FixedSource>();
      sources.push_back(source.get());
      both.push_back({name, std::nullopt, std::move(source)});
    }
    processes.emplace(std::move(both));
  }
  std::vector<FixedSource*> sources;
  std::optional<TargetProcesses> processes;
};

TEST(TargetProcesses, AddUpWhatEachOfThemCounts) {
  Two two;
  two.sources[0]->reading.live_tasks = 3;
  two.sources[1]->reading.live_tasks = 4;
  two.sources[1]->reading.heap_in_use_bytes = 100;
  EXPECT_EQ(two.processes->read().live_tasks, 7);
  EXPECT_EQ(two.processes->read().heap_in_use_bytes, std::nullopt) << "one of them is not known";
  EXPECT_EQ(two.processes->read_each()[1].live_tasks, 4);
}

TEST(TargetProcesses, NameTheProcessOfEachSite) {
  Two two;
  two.sources[0]->profile = TaskProfile{.live_tasks = 1, .sites = {{.name = "a", .live = 1}}};
  EXPECT_EQ(two.processes->task_profile(), std::nullopt) << "half a profile is none";
  two.sources[1]->profile = TaskProfile{.live_tasks = 2, .sites = {{.name = "b", .live = 2}}};
  const auto profile = two.processes->full_task_profile();
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->live_tasks, 3);
  ASSERT_EQ(profile->sites.size(), 2u);
  EXPECT_EQ(profile->sites[0].process, "user");
  EXPECT_EQ(profile->sites[1].process, "main");
}

TEST(TargetProcesses, HaveThePausesOfTheOneThatIsAsked) {
  Two two;
  two.sources[0]->beats = PauseSnapshot{.count = 1};
  EXPECT_EQ(two.processes->pause(), std::nullopt);
  two.sources[1]->beats = PauseSnapshot{.count = 2};
  EXPECT_EQ(two.processes->pause()->count, 2);
}

TEST(TargetProcesses, AddUpACounterOverThoseThatHaveIt) {
  Two two;
  two.sources[0]->counters = {{"wasted_ns", 5}, {"calls", 1}};
  two.sources[1]->counters = {{"calls", 2}};
  EXPECT_EQ(two.processes->series({"wasted_ns", "calls", "unknown"}),
            (SeriesValues{5, 3, std::nullopt}));
}

TEST(TargetProcesses, CollectTheGarbageOfAllAndSayWhichHasAProblem) {
  Two two;
  two.processes->collect_garbage();
  EXPECT_EQ(two.sources[0]->collections + two.sources[1]->collections, 2);
  two.sources[0]->problems = {"no /metrics"};
  EXPECT_EQ(two.processes->take_problems(), (std::vector<std::string>{"user: no /metrics"}));
  EXPECT_TRUE(two.processes->take_problems().empty());
}

TEST(TargetProcesses, AskTheKernelOnlyForThoseWhosePidIsKnown) {
  std::vector<WatchedProcess> one;
  one.push_back({"main", ProcProbe(::getpid()), std::make_unique<FixedSource>()});
  EXPECT_GT(TargetProcesses(std::move(one)).read_kernel().rss_bytes.value_or(0), 0);
  EXPECT_EQ(Two().processes->read_kernel().rss_bytes, std::nullopt);
}

}  // namespace
}  // namespace leakbench
