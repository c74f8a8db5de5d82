#include "harness/probe/go_sites.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

GoroutineProfile from_pprof(const std::string& name) {
  auto pprof = parse_pprof(captured(name));
  EXPECT_TRUE(pprof) << pprof.error();
  auto profile = goroutine_profile(*std::move(pprof));
  EXPECT_TRUE(profile) << profile.error();
  return *std::move(profile);
}

GoroutineProfile from_dump(std::string_view content) {
  auto dump = parse_goroutine_dump(content);
  EXPECT_TRUE(dump) << dump.error();
  return goroutine_profile(*std::move(dump));
}

// A goroutine per number, all alike.
std::string goroutines(int first, int count, const std::string& head_and_stack) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "goroutine " + std::to_string(first + i) + " " + head_and_stack + "\n";
  }
  return text;
}

std::string shown(const CodePlace& place) {
  return place.function + " " + place.file + ":" + std::to_string(place.line);
}

std::string started(const TaskSite& site) {
  return site.function + " " + site.file + ":" + std::to_string(site.line);
}

std::vector<TaskSite> waiting_at(const TaskProfile& profile, const std::string& place) {
  std::vector<TaskSite> sites;
  std::copy_if(
      profile.sites.begin(), profile.sites.end(), std::back_inserter(sites),
      [&](const TaskSite& site) { return site.waits_at && shown(*site.waits_at) == place; });
  return sites;
}

TaskSite only_waiting_at(const TaskProfile& profile, const std::string& place) {
  const auto sites = waiting_at(profile, place);
  EXPECT_EQ(sites.size(), 1u) << place;
  return sites.empty() ? TaskSite{} : sites[0];
}

TEST(GoSites, OfADumpAreByGoStatementAndWaitPlace) {
  const GoroutineProfile lines = from_pprof("goroutine.pb.gz");
  const TaskProfile tasks =
      go_task_profile(from_dump(captured("goroutine_debug2.txt")), lines, nullptr);
  EXPECT_EQ(tasks.live_tasks, 56);
  EXPECT_EQ(tasks.system_tasks, 12);
  EXPECT_EQ(tasks.started_total, std::nullopt);

  const TaskSite& largest = tasks.sites.front();
  EXPECT_EQ(started(largest), "main.startMany example.com/shop/main.go:64");
  ASSERT_TRUE(largest.waits_at.has_value());
  EXPECT_EQ(shown(*largest.waits_at), "main.chargeCard example.com/shop/main.go:33");
  EXPECT_EQ(largest.name, "main.main.func1");
  EXPECT_EQ(largest.live, 20);
  EXPECT_EQ(largest.waits, (std::map<std::string, std::int64_t>{{"channel send", 20}}));
  EXPECT_EQ(largest.longest_wait_ns, 180'000'000'000);
  EXPECT_FALSE(largest.system);
  EXPECT_FALSE(largest.proven);
  ASSERT_GE(largest.example.size(), 2u);
  EXPECT_EQ(largest.example[0], "main.chargeCard example.com/shop/main.go:33");

  std::int64_t application = 0, system = 0;
  for (const TaskSite& site : tasks.sites) (site.system ? system : application) += site.live;
  EXPECT_EQ(application, 56);
  EXPECT_EQ(system, 12);
}

TEST(GoSites, WhatTheLibraryStartsIsTheFunctionThatRunsThere) {
  const GoroutineProfile lines = from_pprof("goroutine.pb.gz");
  const TaskProfile tasks =
      go_task_profile(from_dump(captured("goroutine_debug2.txt")), lines, nullptr);
  // A handler: net/http/server.go started it, and nobody can do anything about that line.
  const TaskSite handler = only_waiting_at(tasks, "main.main.func24 example.com/shop/main.go:155");
  EXPECT_EQ(started(handler), "main.main.func24 example.com/shop/main.go:155");
  // The library's own goroutine, started by the library: there is no other place.
  const TaskSite propagate =
      only_waiting_at(tasks, "context.(*cancelCtx).propagateCancel.func2 context/context.go:523");
  EXPECT_EQ(started(propagate), "context.(*cancelCtx).propagateCancel context/context.go:522");
  EXPECT_EQ(propagate.name, "context.(*cancelCtx).propagateCancel.func2");
}

TEST(GoSites, OfAProfileAreByStartedFunctionAndWaitPlace) {
  const GoroutineProfile profile = from_pprof("goroutine.pb.gz");
  const TaskProfile tasks = go_task_profile(profile, profile, nullptr);
  EXPECT_EQ(tasks.live_tasks, 56);
  const auto sites = waiting_at(tasks, "main.chargeCard example.com/shop/main.go:33");
  ASSERT_EQ(sites.size(), 2u);
  const TaskSite& site = sites[0];
  EXPECT_EQ(site.function, "main.main.func1");
  EXPECT_EQ(site.file, "example.com/shop/main.go");
  EXPECT_GT(site.line, 0);
  EXPECT_EQ(site.live, 20);
  EXPECT_EQ(site.longest_wait_ns, std::nullopt);
}

TEST(GoSites, LeakedAreProvenAndTheOthersAreNot) {
  const GoroutineProfile lines = from_pprof("goroutine.pb.gz");
  const GoroutineProfile leaked = from_pprof("goroutineleak.pb.gz");
  ASSERT_GT(leaked.total, 20);
  for (const bool of_dump : {true, false}) {
    SCOPED_TRACE(of_dump);
    const TaskProfile tasks = go_task_profile(
        of_dump ? from_dump(captured("goroutine_debug2.txt")) : lines, lines, &leaked);
    const TaskSite& send = tasks.sites.front();
    EXPECT_EQ(shown(*send.waits_at), "main.chargeCard example.com/shop/main.go:33");
    EXPECT_TRUE(send.proven);
    EXPECT_EQ(send.live, 20);
    std::int64_t proven = 0, all = 0;
    for (const TaskSite& site : tasks.sites) {
      all += site.live;
      if (!site.proven) continue;
      proven += site.live;
      EXPECT_EQ(site.waits.count("timer") + site.waits.count("io"), 0u) << site.name;
    }
    // Two `go` statements of the dump start main.receiveResult, and three of its four are leaked.
    EXPECT_EQ(proven, of_dump ? leaked.total - 3 : leaked.total);
    EXPECT_EQ(all, 68);
  }
}

constexpr const char* kSending =
    "[chan send]:\nmain.work()\n\t/src/main.go:7 +0x1\ncreated by main.a in goroutine 1\n"
    "\t/src/main.go:3 +0x1\n";
constexpr const char* kSendingOfAnother =
    "[chan send]:\nmain.work()\n\t/src/main.go:7 +0x1\ncreated by main.b in goroutine 1\n"
    "\t/src/main.go:4 +0x1\n";

GoroutineProfile leaked_of_work(int count) {
  // goroutineleak?debug=1 says what its protobuf says.
  auto text = parse_goroutine_text("goroutineleak profile: total " + std::to_string(count) + "\n" +
                                   std::to_string(count) +
                                   " @ 0x1 0x2\n#\t0x1\tmain.work+0x1\t/src/main.go:7\n\n");
  EXPECT_TRUE(text) << text.error();
  auto profile = goroutine_profile(*std::move(text));
  EXPECT_TRUE(profile) << profile.error();
  return *std::move(profile);
}

TEST(GoSites, WhereSomeAreLeakedTheyBecomeASiteOfTheirOwn) {
  const GoroutineProfile dump = from_dump(goroutines(10, 8, kSending));
  const GoroutineProfile leaked = leaked_of_work(5);
  const TaskProfile tasks = go_task_profile(dump, dump, &leaked);
  ASSERT_EQ(tasks.sites.size(), 2u);
  EXPECT_TRUE(tasks.sites[0].proven);
  EXPECT_EQ(tasks.sites[0].live, 5);
  EXPECT_EQ(tasks.sites[0].waits.at("channel send"), 5);
  EXPECT_FALSE(tasks.sites[1].proven);
  EXPECT_EQ(tasks.sites[1].live, 3);
}

TEST(GoSites, MoreLeakedThanTheDumpShowsAreNoMoreThanItShows) {
  const GoroutineProfile dump = from_dump(goroutines(10, 8, kSending));
  const GoroutineProfile leaked = leaked_of_work(9);
  const TaskProfile tasks = go_task_profile(dump, dump, &leaked);
  ASSERT_EQ(tasks.sites.size(), 1u);
  EXPECT_TRUE(tasks.sites[0].proven);
  EXPECT_EQ(tasks.sites[0].live, 8);
}

TEST(GoSites, OfTwoGoStatementsWithOneFunctionNeitherIsProvenUnlessBothAre) {
  const GoroutineProfile dump =
      from_dump(goroutines(10, 8, kSending) + goroutines(20, 4, kSendingOfAnother));
  const GoroutineProfile some = leaked_of_work(8);
  const TaskProfile unclear = go_task_profile(dump, dump, &some);
  ASSERT_EQ(unclear.sites.size(), 2u);
  EXPECT_FALSE(unclear.sites[0].proven);
  EXPECT_FALSE(unclear.sites[1].proven);

  const GoroutineProfile all = leaked_of_work(12);
  const TaskProfile clear = go_task_profile(dump, dump, &all);
  ASSERT_EQ(clear.sites.size(), 2u);
  EXPECT_EQ(started(clear.sites[0]), "main.a /src/main.go:3");
  EXPECT_TRUE(clear.sites[0].proven);
  EXPECT_TRUE(clear.sites[1].proven);
}

TEST(GoSites, OneLineThatWaitsForSeveralThingsIsOneSite) {
  const GoroutineProfile dump =
      from_dump(goroutines(10, 3, kSending) +
                goroutines(20, 2,
                           "[runnable, 4 minutes]:\nmain.work()\n\t/src/main.go:7 +0x1\n"
                           "created by main.a in goroutine 1\n\t/src/main.go:3 +0x1\n"));
  const TaskProfile tasks = go_task_profile(dump, dump, nullptr);
  ASSERT_EQ(tasks.sites.size(), 1u);
  EXPECT_EQ(tasks.sites[0].live, 5);
  EXPECT_EQ(tasks.sites[0].waits,
            (std::map<std::string, std::int64_t>{{"channel send", 3}, {"runnable", 2}}));
  EXPECT_EQ(tasks.sites[0].longest_wait_ns, 240'000'000'000);
}

TEST(GoSites, NamesOfAServerAreSafeToPrintAndBounded) {
  const std::string evil = "main.\x1b[31m\xff" + std::string(5'000, 'x');
  const GoroutineProfile dump =
      from_dump("goroutine 7 [chan\x01send, 99999999999999999 minutes]:\n" + evil + "()\n\t/src/" +
                evil + ":7 +0x1\n\n");
  const TaskProfile tasks = go_task_profile(dump, dump, nullptr);
  ASSERT_EQ(tasks.sites.size(), 1u);
  const TaskSite& site = tasks.sites[0];
  std::vector<std::string> texts = site.example;
  texts.insert(texts.end(), {site.name, site.function, site.file, site.waits_at->function,
                             site.waits_at->file, site.waits.begin()->first});
  for (const std::string& text : texts) {
    EXPECT_LT(text.size(), 1'100u);
    EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }))
        << text;
  }
  EXPECT_EQ(site.longest_wait_ns, std::nullopt);
}

TEST(GoSites, AreTheLargestOfTooMany) {
  std::string text;
  for (std::size_t i = 0; i <= kMostGoSites; ++i) {
    const std::string one = "[select]:\nmain.work()\n\t/src/main.go:" + std::to_string(i + 1) +
                            " +0x1\ncreated by main.a\n\t/src/main.go:3 +0x1\n";
    text += goroutines(1, i == kMostGoSites ? 2 : 1, one);
  }
  const GoroutineProfile dump = from_dump(text);
  const TaskProfile tasks = go_task_profile(dump, dump, nullptr);
  EXPECT_EQ(tasks.live_tasks, static_cast<std::int64_t>(kMostGoSites) + 2);
  ASSERT_EQ(tasks.sites.size(), kMostGoSites);
  EXPECT_EQ(tasks.sites[0].live, 2);
}

}  // namespace
}  // namespace leakbench
