#include "harness/probe/task_profile_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

namespace leakbench {
namespace {

// Seven tasks of three places: five of a site that wait at two, and one that the server needs.
constexpr const char* kListed = R"({
  "schema": "leakbench/tasks", "schema_version": "1.0.0",
  "live_tasks": 6, "system_tasks": 1, "started_total": 40,
  "sites": [
    {"name": "work", "file": "server.cc", "line": 41, "function": "handle",
     "kind": "application", "live": 5, "started": 20, "waits": {"timer": 3, "channel send": 2}},
    {"name": "handler", "file": "http.cc", "line": 9, "function": "serve",
     "kind": "application", "live": 1, "started": 20, "waits": {"runnable": 1}},
    {"name": "accept", "file": "http.cc", "line": 7, "function": "listen",
     "kind": "system", "live": 1, "started": 1, "waits": {"io": 1}},
    {"name": "gone", "file": "server.cc", "line": 50, "function": "handle",
     "kind": "application", "live": 0, "started": 3, "waits": {}}],
  "tasks": [
    {"id": 1, "parent_id": 0, "waits_for": "io", "wait_file": "poll.cc", "wait_line": 3,
     "waiting_ns": 900, "frame_bytes": 100,
     "site": {"name": "accept", "file": "http.cc", "line": 7, "function": "listen"}},
    {"id": 2, "parent_id": 1, "waits_for": "runnable", "wait_file": null, "wait_line": null,
     "waiting_ns": null, "frame_bytes": 200,
     "site": {"name": "handler", "file": "http.cc", "line": 9, "function": "serve"}},
    {"id": 3, "parent_id": 2, "waits_for": "timer", "wait_file": "server.cc", "wait_line": 60,
     "waiting_ns": 50, "frame_bytes": 300,
     "site": {"name": "work", "file": "server.cc", "line": 41, "function": "handle"}},
    {"id": 4, "parent_id": 2, "waits_for": "timer", "wait_file": "server.cc", "wait_line": 60,
     "waiting_ns": 70, "frame_bytes": 300,
     "site": {"name": "work", "file": "server.cc", "line": 41, "function": "handle"}},
    {"id": 5, "parent_id": 99, "waits_for": "timer", "wait_file": "server.cc", "wait_line": 60,
     "waiting_ns": 60, "frame_bytes": 300,
     "site": {"name": "work", "file": "server.cc", "line": 41, "function": "handle"}},
    {"id": 6, "parent_id": 2, "waits_for": "channel send", "wait_file": "server.cc",
     "wait_line": 66, "waiting_ns": 10, "frame_bytes": 40,
     "site": {"name": "work", "file": "server.cc", "line": 41, "function": "handle"}},
    {"id": 7, "parent_id": 2, "waits_for": "channel send", "wait_file": "server.cc",
     "wait_line": 66, "waiting_ns": 20, "frame_bytes": 40,
     "site": {"name": "work", "file": "server.cc", "line": 41, "function": "handle"}}],
  "truncated": false})";

TEST(TaskProfileJson, AListOfAllTasksTellsSitesApartByWhereTheyWait) {
  const auto profile = parse_full_task_profile(kListed);
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, 6);
  ASSERT_EQ(profile->sites.size(), 5u);

  const TaskSite& timer = profile->sites[0];
  EXPECT_EQ(timer.name, "work");
  EXPECT_EQ(timer.line, 41);
  EXPECT_EQ(timer.live, 3);
  EXPECT_EQ(timer.started, 0) << "of both places together";
  EXPECT_EQ(timer.waits, (std::map<std::string, std::int64_t>{{"timer", 3}}));
  ASSERT_TRUE(timer.waits_at.has_value());
  EXPECT_EQ(timer.waits_at->file, "server.cc");
  EXPECT_EQ(timer.waits_at->line, 60);
  EXPECT_EQ(timer.longest_wait_ns, 70);
  EXPECT_EQ(timer.bytes, 900);
  EXPECT_EQ(timer.example,
            (std::vector<std::string>{"timer server.cc:60", "work, started by handle server.cc:41",
                                      "handler, started by serve http.cc:9",
                                      "accept, started by listen http.cc:7"}));

  const TaskSite& send = profile->sites[1];
  EXPECT_EQ(send.live, 2);
  EXPECT_EQ(send.waits_at->line, 66);
  EXPECT_EQ(send.bytes, 80);

  const TaskSite& running = profile->sites[2];
  EXPECT_EQ(running.name, "handler");
  EXPECT_EQ(running.started, 20);
  EXPECT_FALSE(running.waits_at.has_value());
  EXPECT_EQ(running.longest_wait_ns, std::nullopt);

  EXPECT_TRUE(profile->sites[3].system);
  EXPECT_EQ(profile->sites[4].live, 0);
  EXPECT_EQ(profile->sites[4].bytes, std::nullopt);
}

TEST(TaskProfileJson, AListThatIsCutCountsNothing) {
  auto document = nlohmann::json::parse(kListed);
  document["truncated"] = true;
  document["sites"][0]["live"] = 5'000;
  const auto profile = parse_full_task_profile(document.dump());
  ASSERT_TRUE(profile.has_value());
  ASSERT_EQ(profile->sites.size(), 4u);
  const TaskSite& site = profile->sites[0];
  EXPECT_EQ(site.live, 5'000);
  EXPECT_EQ(site.started, 20);
  EXPECT_EQ(site.waits.at("channel send"), 2);
  EXPECT_EQ(site.waits_at->line, 60) << "where most of those wait that are listed";
  EXPECT_EQ(site.longest_wait_ns, 70);
  EXPECT_EQ(site.bytes, std::nullopt);
  EXPECT_FALSE(site.example.empty());
}

TEST(TaskProfileJson, WithoutAListTheCountsAreLeft) {
  auto document = nlohmann::json::parse(kListed);
  document.erase("tasks");
  const auto profile = parse_full_task_profile(document.dump());
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->sites.size(), 4u);
  EXPECT_EQ(profile->sites[0].waits_at, std::nullopt);
}

TEST(TaskProfileJson, TasksThatStartedEachOtherInACircleEnd) {
  auto document = nlohmann::json::parse(kListed);
  document["tasks"][0]["parent_id"] = 2;
  const auto profile = parse_full_task_profile(document.dump());
  ASSERT_TRUE(profile.has_value());
  EXPECT_LE(profile->sites[0].example.size(), 16u);
}

TEST(TaskProfileJson, OtherDocumentsAreRefused) {
  for (const char* text :
       {"", "null", "[]", "{", R"({"schema":"leakbench/pause","schema_version":"1.0.0"})",
        R"({"schema":"leakbench/tasks","schema_version":"2.0.0","sites":[]})"}) {
    EXPECT_FALSE(parse_task_profile(text).has_value()) << text;
    EXPECT_FALSE(parse_full_task_profile(text).has_value()) << text;
  }
}

// Seeded and so repeatable; the sanitizer builds run it too.
TEST(TaskProfileJsonFuzz, DamagedListsGiveAProfileOrNone) {
  static constexpr const char* kValues[] = {"null",
                                            "-1",
                                            "{}",
                                            "[]",
                                            "\"x\"",
                                            "1e300",
                                            "true",
                                            "99",
                                            "2.5",
                                            "[1]",
                                            "9223372036854775807"};
  int accepted = 0;
  for (unsigned seed = 0; seed < 3'000; ++seed) {
    std::mt19937 random(seed);
    std::string text = kListed;
    for (unsigned edits = 1 + random() % 4; edits > 0; --edits) {
      const std::size_t colon = text.find(':', random() % text.size());
      if (colon == std::string::npos) continue;
      // A value becomes another one, or a byte becomes another one.
      if (random() % 4 != 0) {
        const std::size_t end = text.find_first_of(",}]", colon);
        text.replace(colon + 1, end - colon - 1, kValues[random() % std::size(kValues)]);
      } else {
        text[random() % text.size()] = static_cast<char>(random());
      }
    }
    const auto profile = parse_full_task_profile(text);
    if (!profile) continue;
    ++accepted;
    for (const TaskSite& site : profile->sites) {
      EXPECT_GE(site.live, 0);
      EXPECT_GE(site.longest_wait_ns.value_or(0), 0);
      EXPECT_GE(site.bytes.value_or(0), 0);
      EXPECT_LE(site.example.size(), 16u);
    }
  }
  EXPECT_GT(accepted, 300);
  EXPECT_LT(accepted, 2'900);
}

}  // namespace
}  // namespace leakbench
