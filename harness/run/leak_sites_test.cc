#include "harness/run/leak_sites.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TaskSite waiting(const std::string& name, std::int64_t live, std::int64_t line = 7) {
  TaskSite site;
  site.name = name;
  site.file = "a.cc";
  site.line = 3;
  site.function = "handler";
  site.live = live;
  site.waits = {{"channel send", live}};
  site.waits_at = CodePlace{"work", "b.cc", line};
  return site;
}

TEST(LeakSites, AreTheApplicationsThatHaveALiveTask) {
  TaskProfile profile;
  profile.sites = {waiting("gone", 0), waiting("worker", 5), waiting("accept", 1)};
  profile.sites[2].system = true;
  const auto sites = leak_sites_of(profile, std::nullopt);
  ASSERT_EQ(sites.size(), 1u);
  EXPECT_EQ(sites[0].name, "worker");
  EXPECT_EQ(sites[0].live, 5);
  EXPECT_EQ(sites[0].settled, std::nullopt);
  EXPECT_EQ(sites[0].waits_at->file, "b.cc");
  EXPECT_EQ(sites[0].waits_at->line, 7);
}

TEST(LeakSites, AreThoseThatWereLeftOverWhereThereAreSome) {
  TaskProfile at_last_response;
  at_last_response.sites = {waiting("worker", 100), waiting("short", 50)};
  TaskProfile settled;
  settled.sites = {waiting("worker", 3)};
  settled.sites[0].longest_wait_ns = 9;
  settled.sites[0].example = {"work", "handler"};
  settled.sites[0].proven = true;
  const auto sites = leak_sites_of(at_last_response, settled);
  ASSERT_EQ(sites.size(), 1u);
  EXPECT_EQ(sites[0].live, 100);
  EXPECT_EQ(sites[0].settled, 3);
  EXPECT_EQ(sites[0].longest_wait_ns, 9);
  EXPECT_TRUE(sites[0].proven);
  EXPECT_EQ(sites[0].example.size(), 2u);
}

TEST(LeakSites, HadAtLeastThoseThatWereLeftOverWhereTheFirstLookNamesThemOtherwise) {
  TaskProfile settled;
  settled.sites = {waiting("worker", 3)};
  EXPECT_EQ(leak_sites_of(TaskProfile{}, settled)[0].live, 3);
}

TEST(LeakSites, AreOfTasksThatWereNotThereBeforeTheLoad) {
  TaskProfile before;
  before.sites = {waiting("heartbeat", 1), waiting("worker", 5)};
  TaskProfile now;
  now.sites = {waiting("heartbeat", 1), waiting("worker", 30), waiting("new", 2)};
  const auto sites = leak_sites_of(std::nullopt, above_baseline(now, before));
  ASSERT_EQ(sites.size(), 2u);
  EXPECT_EQ(sites[0].name, "worker");
  EXPECT_EQ(sites[0].settled, 25);
  EXPECT_EQ(sites[1].settled, 2);
  EXPECT_EQ(leak_sites_of(std::nullopt, above_baseline(now, std::nullopt)).size(), 3u);
  EXPECT_FALSE(above_baseline(std::nullopt, before).has_value());
}

TEST(LeakSites, OfAVerdictAreToldApartByStartWaitAndProcess) {
  TaskProfile settled;
  settled.sites = {waiting("worker", 1), waiting("worker", 2, 8), waiting("worker", 3)};
  settled.sites[2].process = "user";
  const auto evidence = settled_sites(settled, std::nullopt, {}).evidence;
  ASSERT_EQ(evidence.size(), 3u);
  EXPECT_NE(evidence[0].key, evidence[1].key);
  EXPECT_NE(evidence[0].key, evidence[2].key);
  EXPECT_EQ(evidence[2].live, 3);
  EXPECT_EQ(evidence[0].key, site_key(leak_sites_of(settled, std::nullopt)[0]));
  EXPECT_TRUE(settled_sites(std::nullopt, std::nullopt, {}).evidence.empty());
}

TEST(LeakSites, ThatAreKnownSayNothingToTheVerdict) {
  TaskProfile settled;
  settled.sites = {waiting("known", 4), waiting("new", 2)};
  const Allowlist known{"known.json", {{.started_at = "known", .reason = "ticket 7"}}};
  const SettledSites found = settled_sites(settled, known, {});
  ASSERT_EQ(found.evidence.size(), 1u);
  EXPECT_EQ(found.evidence[0].live, 2);
  EXPECT_EQ(found.accepted, 4);
  auto sites = leak_sites_of(std::nullopt, settled);
  add_reasons(known, found.acceptance, settled, sites);
  EXPECT_EQ(sites[0].allowed_because, "ticket 7");
  EXPECT_EQ(sites[1].allowed_because, std::nullopt);
}

TEST(LeakSites, GrowAsTheVerdictFoundTheFastestFirst) {
  TaskProfile settled;
  settled.sites = {waiting("slow", 5), waiting("steady", 9), waiting("fast", 30)};
  auto sites = leak_sites_of(std::nullopt, settled);
  Verdict verdict;
  verdict.verdict_class = VerdictClass::kLeaking;
  verdict.sites = {{.key = site_key(sites[2]), .growth_per_round = 10},
                   {.key = site_key(sites[0]), .growth_per_round = 1}};
  add_growth(verdict, sites);
  EXPECT_EQ(sites[0].name, "fast");
  EXPECT_EQ(sites[0].growth_per_round, 10);
  EXPECT_EQ(sites[1].name, "slow");
  EXPECT_EQ(sites[2].growth_per_round, std::nullopt);

  auto of_a_pool = leak_sites_of(std::nullopt, settled);
  verdict.verdict_class = VerdictClass::kClean;
  add_growth(verdict, of_a_pool);
  EXPECT_EQ(of_a_pool[2].growth_per_round, std::nullopt);
}

}  // namespace
}  // namespace leakbench
