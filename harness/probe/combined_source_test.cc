#include "harness/probe/combined_source.h"

#include <gtest/gtest.h>

#include "harness/probe/test_go_server.h"

namespace leakbench {
namespace {

using Strings = std::vector<std::string>;

// Says what it is told to.
class Told : public MetricsSource {
 public:
  MetricsReading read() override { return reading; }
  std::optional<TaskProfile> task_profile() override { return profile; }
  std::optional<TaskProfile> full_task_profile() override { return full; }
  std::optional<PauseSnapshot> pause() override { return pauses; }
  std::optional<PauseSnapshot> os_pause() override { return pauses; }
  SeriesValues series(const std::vector<std::string>&) override { return values; }
  void collect_garbage() override { ++collected; }
  std::vector<std::string> take_problems() override { return std::exchange(problems, {}); }
  std::string description() const override { return words; }

  MetricsReading reading;
  std::optional<TaskProfile> profile, full;
  std::optional<PauseSnapshot> pauses;
  SeriesValues values{std::nullopt, std::nullopt};
  int collected = 0;
  Strings problems;
  std::string words;
};

class CombinedSourceTest : public testing::Test {
 protected:
  Told* const first = new Told;
  Told* const second = new Told;
  CombinedSource source = [this] {
    std::vector<std::unique_ptr<MetricsSource>> sources;
    sources.emplace_back(first);
    sources.emplace_back(second);
    return CombinedSource(std::move(sources));
  }();
};

TEST_F(CombinedSourceTest, TheFirstThatKnowsAFigureGivesIt) {
  first->reading = {.live_tasks = 1, .gc_cycles_total = 2};
  second->reading = {.live_tasks = 5, .system_tasks = 6, .heap_in_use_bytes = 7};
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, 1);
  EXPECT_EQ(reading.system_tasks, 6);
  EXPECT_EQ(reading.heap_in_use_bytes, 7);
  EXPECT_EQ(reading.gc_cycles_total, 2);
  EXPECT_EQ(reading.requests_total, std::nullopt);
}

TEST_F(CombinedSourceTest, AFigureNeverChangesItsSource) {
  first->reading.live_tasks = 10;
  second->reading = {.live_tasks = 99, .system_tasks = 1};
  EXPECT_EQ(source.read().live_tasks, 10);
  first->reading.live_tasks = std::nullopt;
  EXPECT_EQ(source.read().live_tasks, std::nullopt) << "99 would look like growth";
  first->reading = {.live_tasks = 11, .system_tasks = 50};
  EXPECT_EQ(source.read().live_tasks, 11);
  EXPECT_EQ(source.read().system_tasks, 1);
}

TEST_F(CombinedSourceTest, ProfilesAndPausesNeverChangeTheirSource) {
  second->profile = TaskProfile{.live_tasks = 2};
  second->full = TaskProfile{.live_tasks = 3};
  second->pauses = PauseSnapshot{.count = 4};
  EXPECT_EQ(source.task_profile()->live_tasks, 2);
  EXPECT_EQ(source.pause()->count, 4);
  EXPECT_EQ(source.os_pause()->count, 4);
  first->profile = first->full = TaskProfile{.live_tasks = 77};
  first->pauses = PauseSnapshot{.count = 77};
  EXPECT_EQ(source.full_task_profile()->live_tasks, 3) << "sites of another kind";
  EXPECT_EQ(source.pause()->count, 4);
  EXPECT_EQ(source.os_pause()->count, 4);
}

TEST_F(CombinedSourceTest, AsksAllForTheRest) {
  first->values = {1, std::nullopt};
  second->values = {3, 2.5};
  EXPECT_EQ(source.series({"x", "y"}), (SeriesValues{1, 2.5}));
  source.collect_garbage();
  EXPECT_EQ(first->collected + second->collected, 2);
  first->problems = {"a"};
  second->problems = {"b"};
  EXPECT_EQ(source.take_problems(), (Strings{"a", "b"}));
  EXPECT_EQ(source.take_problems(), Strings{});
  first->words = "tasks from x";
  EXPECT_EQ(source.description(), "tasks from x");
  second->words = "heap from y";
  EXPECT_EQ(source.description(), "tasks from x; heap from y");
}

TEST(MakeMetricsSource, GivesTheSourcesOfTheManifestInTheirOrder) {
  auto answers = TestGoServer::captured_answers();
  answers["/metrics"] = {200, "go_goroutines 70\ngo_gc_duration_seconds_count 9\n"};
  const TestGoServer server(std::move(answers));
  const MetricsSourceSpec go{.kind = MetricsSourceKind::kGo};
  const MetricsSourceSpec prometheus{.kind = MetricsSourceKind::kPrometheus};
  EXPECT_EQ(make_metrics_source({go, prometheus}, server.port())->read().live_tasks, 56);
  EXPECT_EQ(make_metrics_source({prometheus, go}, server.port())->read().live_tasks, 70);
  EXPECT_EQ(make_metrics_source({prometheus, go}, server.port())->task_profile()->live_tasks, 56);
  EXPECT_EQ(make_metrics_source({prometheus}, server.port())->task_profile(), std::nullopt);
  EXPECT_EQ(make_metrics_source({}, server.port())->read().live_tasks, std::nullopt);
}

}  // namespace
}  // namespace leakbench
