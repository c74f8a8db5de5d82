#include "harness/probe/control_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "harness/probe/task_profile_json.h"

namespace leakbench {
namespace {

constexpr const char* kTasks = R"({
  "schema": "leakbench/tasks", "schema_version": "1.0.0",
  "live_tasks": 12, "system_tasks": 3, "started_total": 40,
  "sites": [
    {"name": "expensive_work", "file": "scenarios/orphaned-task/server.cc", "line": 41,
     "function": "handle", "kind": "application", "live": 12, "started": 20,
     "waits": {"timer": 10, "runnable": 2}},
    {"name": "connection", "file": "runtime/http/server.cc", "line": 7, "function": "serve",
     "kind": "system", "live": 3, "started": 20, "waits": {}}]})";

constexpr const char* kPause = R"({
  "schema": "leakbench/pause", "schema_version": "1.0.0", "interval_ns": 1000000, "count": 7,
  "max_ns": 4321, "buckets": [[100, 5], [5000, 2]]})";

TEST(ControlJson, ReadsAProfileOfTasks) {
  const auto profile = parse_task_profile(kTasks);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, 12);
  EXPECT_EQ(profile->system_tasks, 3);
  EXPECT_EQ(profile->started_total, 40);
  ASSERT_EQ(profile->sites.size(), 2u);
  const TaskSite& site = profile->sites[0];
  EXPECT_EQ(site.name, "expensive_work");
  EXPECT_EQ(site.file, "scenarios/orphaned-task/server.cc");
  EXPECT_EQ(site.line, 41);
  EXPECT_EQ(site.function, "handle");
  EXPECT_FALSE(site.system);
  EXPECT_EQ(site.live, 12);
  EXPECT_EQ(site.started, 20);
  EXPECT_EQ(site.waits, (std::map<std::string, std::int64_t>{{"timer", 10}, {"runnable", 2}}));
  EXPECT_TRUE(profile->sites[1].system);
}

TEST(ControlJson, LeavesOutSitesThatMakeNoSense) {
  const auto profile = parse_task_profile(
      R"({"schema":"leakbench/tasks","schema_version":"1.4.0","live_tasks":-1,"system_tasks":2.5,
          "sites":[7, {}, {"live":-3}, {"live":"x"},
                   {"live":1,"waits":{"timer":-1,"io":1},"line":{}}]})");
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, std::nullopt);
  EXPECT_EQ(profile->system_tasks, std::nullopt);
  EXPECT_EQ(profile->started_total, std::nullopt);
  ASSERT_EQ(profile->sites.size(), 1u);
  EXPECT_EQ(profile->sites[0].waits, (std::map<std::string, std::int64_t>{{"io", 1}}));
}

TEST(ControlJson, ReadsTheHeartbeatOfAnOsThread) {
  const auto with_both = R"({
    "schema": "leakbench/pause", "schema_version": "1.1.0", "interval_ns": 1000000, "count": 7,
    "max_ns": 4321, "buckets": [[100, 5], [5000, 2]],
    "os_thread": {"interval_ns": 1000000, "count": 3, "max_ns": 60, "buckets": [[63, 3]]}})";
  EXPECT_EQ(parse_os_pause_snapshot(with_both).value().count, 3);
  EXPECT_EQ(parse_os_pause_snapshot(with_both)->buckets.at(0).upper_bound_ns, 63);
  EXPECT_EQ(parse_pause_snapshot(with_both).value().count, 7);
  EXPECT_FALSE(parse_os_pause_snapshot(kPause).has_value());
  EXPECT_FALSE(parse_os_pause_snapshot(kTasks).has_value());
}

TEST(ControlJson, ReadsAPauseSnapshot) {
  const auto snapshot = parse_pause_snapshot(kPause);
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->interval_ns, 1'000'000);
  EXPECT_EQ(snapshot->count, 7);
  EXPECT_EQ(snapshot->max_ns, 4'321);
  ASSERT_EQ(snapshot->buckets.size(), 2u);
  EXPECT_EQ(snapshot->buckets[1].upper_bound_ns, 5'000);
  EXPECT_EQ(snapshot->buckets[1].count, 2);
}

TEST(ControlJson, APauseSnapshotWithAHoleIsNone) {
  const auto valid = nlohmann::json::parse(kPause);
  const auto with_buckets = [&](const char* buckets) {
    nlohmann::json document = valid;
    document["buckets"] = nlohmann::json::parse(buckets);
    return parse_pause_snapshot(document.dump());
  };
  EXPECT_TRUE(with_buckets("[]").has_value());
  for (const char* buckets : {"{}", "[1]", "[[1]]", "[[1,2,3]]", "[[1,-2]]", "[[1,2],[1,3]]",
                              "[[5,1],[4,1]]", "[[1,1.5]]", "[[1,18446744073709551615]]", "null"}) {
    EXPECT_FALSE(with_buckets(buckets).has_value()) << buckets;
  }
}

TEST(ControlJson, RefusesOtherDocumentsAndNewerMajorVersions) {
  for (const char* text :
       {"", "{", "null", "[]", "7", "<html>", "{}", R"({"schema":"leakbench/tasks"})",
        R"({"schema":"leakbench/tasks","schema_version":"2.0.0"})",
        R"({"schema":"leakbench/tasks","schema_version":1})",
        R"({"schema":7,"schema_version":"1.0.0"})"}) {
    EXPECT_FALSE(parse_task_profile(text).has_value()) << text;
    EXPECT_FALSE(parse_pause_snapshot(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_task_profile(kPause).has_value());
  EXPECT_FALSE(parse_pause_snapshot(kTasks).has_value());
}

TEST(ControlJson, SurvivesMutatedDocuments) {
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < 4'000; ++i) {
    std::string text = i % 2 ? kTasks : kPause;
    for (int edits = 1 + static_cast<int>(random() % 3); edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      if (random() % 2) {
        text[at] = static_cast<char>(random() % 128);
      } else {
        text.erase(at, 1 + random() % 5);
      }
    }
    read += parse_task_profile(text).has_value() + parse_pause_snapshot(text).has_value();
  }
  EXPECT_GT(read, 50);
  EXPECT_LT(read, 3'000);
}

TEST(ControlJson, SurvivesDeepNesting) {
  EXPECT_FALSE(parse_task_profile(std::string(100'000, '[')).has_value());
}

}  // namespace
}  // namespace leakbench
