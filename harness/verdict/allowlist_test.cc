#include "harness/verdict/allowlist.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr sys_days kToday = 2026y / 11 / 27;

AllowSite site() {
  AllowSite site;
  site.started_at = {"refresh", "shop/cache.(*Cache).refresh", "example.com/shop/cache/cache.go",
                     41};
  site.waits_at = AllowPlace{"", "main.push", "example.com/shop/queue.go", 29};
  site.example = {"main.push example.com/shop/queue.go:29", "main.work example.com/shop/work.go:7"};
  site.live = 5;
  return site;
}

AllowEntry started_at(const std::string& pattern) {
  AllowEntry entry;
  entry.started_at = pattern;
  entry.reason = "known";
  return entry;
}

bool accepts(const AllowEntry& entry, const AllowSite& of = site(), sys_days today = kToday) {
  const std::vector<AllowSite> sites = {of};
  return accepted_tasks(accept({"allow.json", {entry}}, sites, today), sites) == of.live;
}

TEST(Allowlist, FitsWhereTasksWereStartedByNameFunctionFileOrLine) {
  for (const char* pattern :
       {"refresh", "shop/cache.(*Cache).refresh", "cache.(*Cache).refresh", "cache.go",
        "cache/cache.go", "cache.go:41", "example.com/shop/cache/cache.go:41", "*Cache*",
        "example.com/shop/*", "cache.go:*"}) {
    EXPECT_TRUE(accepts(started_at(pattern))) << pattern;
  }
  for (const char* pattern : {"refres", "cache.go:4", "cache.go:411", "ache.go", "queue.go",
                              "main.push", "cache", "*queue*", ""}) {
    EXPECT_FALSE(accepts(started_at(pattern))) << pattern;
  }
}

TEST(Allowlist, FitsWhereTheyWait) {
  AllowEntry entry;
  entry.waits_at = "queue.go:29";
  EXPECT_TRUE(accepts(entry));
  entry.waits_at = "cache.go:41";
  EXPECT_FALSE(accepts(entry));
  entry.waits_at = "main.push";
  AllowSite unknown = site();
  unknown.waits_at.reset();
  EXPECT_FALSE(accepts(entry, unknown));
}

TEST(Allowlist, FitsAnyFrame) {
  for (const char* pattern : {"main.work", "work.go:7", "work.go:*", "main.push", "cache.go:41",
                              "main.work example.com/shop/work.go:7"}) {
    AllowEntry entry;
    entry.frame = pattern;
    EXPECT_TRUE(accepts(entry)) << pattern;
  }
  AllowEntry entry;
  entry.frame = "main.wor";
  EXPECT_FALSE(accepts(entry));
}

TEST(Allowlist, WantsAllPatternsOfAnEntryToFit) {
  AllowEntry entry = started_at("refresh");
  entry.waits_at = "queue.go";
  EXPECT_TRUE(accepts(entry));
  entry.waits_at = "other.go";
  EXPECT_FALSE(accepts(entry));
}

TEST(Allowlist, KnowsNoFileOfAPlaceWithoutOne) {
  AllowSite bare;
  bare.started_at.function = "main.work";
  bare.live = 1;
  EXPECT_TRUE(accepts(started_at("main.work"), bare));
  EXPECT_FALSE(accepts(started_at("*.go"), bare));
}

TEST(Allowlist, AcceptsNoMoreThanItsMostOfAllItsSitesTogether) {
  AllowEntry entry = started_at("refresh");
  entry.most = 10;
  std::vector<AllowSite> sites = {site(), site()};
  EXPECT_EQ(accepted_tasks(accept({"", {entry}}, sites, kToday), sites), 10);
  sites[1].live = 6;
  const Acceptance acceptance = accept({"", {entry}}, sites, kToday);
  EXPECT_EQ(accepted_tasks(acceptance, sites), 0);
  EXPECT_EQ(acceptance.tasks_by_entry, std::vector<std::int64_t>{11});
}

TEST(Allowlist, AcceptsThroughItsLastDay) {
  AllowEntry entry = started_at("refresh");
  entry.expires = kToday;
  EXPECT_TRUE(accepts(entry));
  EXPECT_FALSE(accepts(entry, site(), kToday + std::chrono::days(1)));
}

TEST(Allowlist, LetsTheFirstEntryThatFitsDecide) {
  AllowEntry expired = started_at("refresh");
  expired.expires = kToday - std::chrono::days(1);
  const std::vector<AllowSite> sites = {site()};
  const Acceptance acceptance =
      accept({"", {started_at("other"), expired, started_at("refresh")}}, sites, kToday);
  EXPECT_EQ(acceptance.by_site, std::vector<std::optional<std::size_t>>{std::nullopt});
  EXPECT_EQ(acceptance.fitted, (std::vector<bool>{false, true, false}));
  const Acceptance accepted = accept({"", {started_at("cache.go"), expired}}, sites, kToday);
  EXPECT_EQ(accepted.by_site, std::vector<std::optional<std::size_t>>{0});
}

TEST(Allowlist, RemarksOnEntriesThatDoNotWork) {
  AllowEntry unused = started_at("gone.go");
  unused.frame = "main.x";
  AllowEntry expired = started_at("refresh");
  expired.expires = 2026y / 1 / 2;
  AllowEntry few = started_at("worker");
  few.most = 3;
  AllowEntry good = started_at("pool");
  std::vector<AllowSite> sites = {site(), site(), site()};
  sites[1].started_at.name = "worker";
  sites[2].started_at.name = "pool";
  const Allowlist allowlist = {"allow.json", {unused, expired, few, good}};
  const std::vector<Acceptance> rounds = {accept(allowlist, sites, kToday),
                                          accept(allowlist, {}, kToday)};
  EXPECT_EQ(allowlist_remarks(allowlist, rounds, kToday),
            (std::vector<std::string>{
                "allow.json: entry 1 (started_at gone.go, frame main.x) fits no task here: "
                "remove it, unless it is for another arm or service",
                "allow.json: entry 2 (started_at refresh) has expired on 2026-01-02 and accepts "
                "nothing: end the leak, or give it a later date",
                "allow.json: entry 3 (started_at worker) is about 5 tasks, more than its most of "
                "3, and accepts none"}));
}

}  // namespace
}  // namespace leakbench
