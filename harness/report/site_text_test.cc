#include "harness/report/site_text.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

LeakSite site() {
  return {"expensive_work", "server.cc", 66,
          "handle",         20'000,      {{"runnable", 1}, {"timer", 19'999}}};
}

TEST(SiteText, SaysWhereAndWhatTheTasksWaitFor) {
  EXPECT_EQ(site_sentence(site()),
            "20,000 alive at the last response, started at server.cc:66 (expensive_work); waiting "
            "for timer 19,999, runnable 1");
}

TEST(SiteText, AddsWhatElseIsKnown) {
  LeakSite known = site();
  known.waits.clear();
  known.process = "api";
  known.waits_at = SourcePlace{"recv", "a.cc", 9};
  known.longest_wait_ns = 5'000'000'000;
  known.settled = 12;
  known.growth_per_round = 4;
  known.proven = true;
  known.allowed_because = "a cache";
  EXPECT_EQ(
      site_sentence(known),
      "20,000 alive at the last response, started at server.cc:66 (expensive_work) in api; at "
      "a.cc:9; 5 s at the longest; 12 after settling; +4 a round; nothing can ever wake them; "
      "accepted: a cache");
}

TEST(SiteText, ShowsNoControlCharacterOfAReason) {
  LeakSite odd = site();
  odd.waits = {{"a\x1b[31m\n", 1}};
  EXPECT_EQ(site_sentence(odd).find_first_of("\x1b\n"), std::string::npos);
}

TEST(SiteText, CountsThePlacesThatItLeavesOut) {
  const std::vector<LeakSite> three(3, site());
  const std::string text = sites_text("with-context", three, 1);
  EXPECT_EQ(text, "with-context: " + site_sentence(site()) + "\nwith-context: 2 more places\n");
  EXPECT_EQ(sites_text("with-context", {}, 1), "");
}

}  // namespace
}  // namespace leakbench
