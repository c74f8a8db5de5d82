#include "harness/report/sites_text.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

LeakSite leak() {
  LeakSite site;
  site.name = "main.startMany";
  site.file = "shop/main.go";
  site.line = 64;
  site.settled = 500;
  site.live = 700;
  return site;
}

TEST(SitesText, OfARunNamesThePlacesOfEachArm) {
  EXPECT_EQ(sites_text(sample::summary()),
            "without-context: 19,980 alive at the last response, started at "
            "scenarios/orphaned-task/server.cc:60 (audit)\n"
            "    waiting for a timer\n"
            "without-context: 10 alive at the last response, started at "
            "scenarios/orphaned-task/server.cc:41 (expensive_work)\n"
            "    waiting for a timer (8), runnable (2)\n"
            "with-context: 10 alive at the last response, started at "
            "scenarios/orphaned-task/server.cc:41 (expensive_work)\n"
            "    waiting for a timer (8), runnable (2)\n"
            "with-context: 2 alive at the last response, started at "
            "scenarios/orphaned-task/server.cc:60 (audit)\n"
            "    waiting for a timer\n");
}

TEST(SitesText, OfALeakSaysHowItGrowsAndWhereItWaitsForWhatHowLong) {
  LeakSite site = leak();
  site.growth_per_round = 100;
  site.waits = {{"channel send", 500}};
  site.waits_at = SourcePlace{"main.push", "shop/queue.go", 29};
  site.longest_wait_ns = 12'300'000'000;
  EXPECT_EQ(sites_text("leaky", {site}),
            "leaky: 500 left over (growing by 100 per round), started at shop/main.go:64 "
            "(main.startMany)\n"
            "    waiting for a receiver on a channel at shop/queue.go:29 (main.push), the "
            "longest for 12.3 s\n");
}

TEST(SitesText, OfADeadlockReadsLikeOne) {
  LeakSite site = leak();
  site.proven = true;
  site.process = "payment";
  site.waits = {{"mutex", 500}};
  EXPECT_EQ(sites_text("leaky", {site}),
            "leaky: 500 left over in payment (proven: nothing can ever wake them), started at "
            "shop/main.go:64 (main.startMany)\n"
            "    waiting for a mutex to be unlocked\n");
  site.waits = {{"wait group", 400}, {"mutex", 100}};
  site.allowed_because = "known since 2026-11-01";
  EXPECT_EQ(sites_text("leaky", {site}),
            "leaky: 500 left over in payment (proven: nothing can ever wake them; accepted: known "
            "since 2026-11-01), started at shop/main.go:64 (main.startMany)\n"
            "    waiting for a wait group to be done (400), a mutex to be unlocked (100)\n");
}

TEST(SitesText, LeavesOutWhatIsNotKnown) {
  LeakSite site;
  site.name = "main.worker";
  site.live = 3;
  EXPECT_EQ(sites_text("x", {site}), "x: 3 alive at the last response, started at main.worker\n");
  site.longest_wait_ns = 1'000'000;
  EXPECT_EQ(sites_text("x", {site}),
            "x: 3 alive at the last response, started at main.worker\n"
            "    waiting, the longest for 1 ms\n");
}

TEST(SitesText, ShowsTheGravestThreeAndCountsTheOthers) {
  std::vector<LeakSite> sites(5, leak());
  for (int i = 0; i < 5; ++i) sites[static_cast<std::size_t>(i)].line = i + 1;
  sites[4].growth_per_round = 1;
  sites[3].settled = 501;
  const std::string text = sites_text("x", sites);
  EXPECT_LT(text.find("main.go:5 "), text.find("main.go:4 "));
  EXPECT_LT(text.find("main.go:4 "), text.find("main.go:1 "));
  EXPECT_EQ(text.find("main.go:2 "), std::string::npos);
  EXPECT_NE(text.find("x: 2 more places; all are in the JSON\n"), std::string::npos);
}

TEST(SitesText, ShowsNoControlCharacterOfAReason) {
  LeakSite odd = leak();
  odd.waits = {{"a\x1b[31m\n", 1}};
  EXPECT_EQ(sites_text("x", {odd}),
            "x: 500 left over, started at shop/main.go:64 (main.startMany)\n"
            "    waiting for a\\x1b[31m\\x0a\n");
}

TEST(SitesText, OfNoTaskIsEmpty) {
  LeakSite gone = leak();
  gone.live = 0;
  gone.settled = 0;
  EXPECT_EQ(sites_text("x", {gone}), "");
  EXPECT_EQ(sites_text("x", {}), "");
}

}  // namespace
}  // namespace leakbench
