// Whatever a tool prints, reading it gives a table that can be shown, or none. Seeded and so
// repeatable; the sanitizer builds run it too.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/run/profile_functions.h"
#include "harness/run/test_profiles.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr std::string_view kTokens[] = {
    "\n",           "%",    " ",    "Total: ", "9223372036854775807",
    " [clone .",    "]",    "::::", "@@",      "ns",
    "B\n",          "flat", "-1",   "\xff",    "0",
    "Showing nodes"};
;

void expect_showable(const std::optional<FunctionProfile>& profile) {
  if (!profile) return;
  EXPECT_GE(profile->total, 0);
  for (const ProfileKind kind : {ProfileKind::kCpu, ProfileKind::kHeap}) {
    const FunctionProfile first = first_functions(*profile, kind, 10);
    EXPECT_LE(first.functions.size(), 10u);
    for (const ProfileFunction& function : first.functions) {
      EXPECT_GE(function.self, 0);
      EXPECT_GE(function.with_callees, 0);
      EXPECT_FALSE(function.name.empty());
      EXPECT_EQ(function.name.find('\n'), std::string::npos);
    }
  }
}

TEST(ProfileFunctionsFuzz, AnyTextGivesATableThatCanBeShownOrNone) {
  Dice dice(20'261'127);
  for (int i = 0; i < 4'000; ++i) {
    for (const std::string* text : {&kGoogleCpuText, &kGoogleHeapText, &kGoCpuText, &kGoHeapText}) {
      const std::string mutated = damaged(*text, dice, kTokens, 6);
      expect_showable(parse_google_pprof(mutated, 10'000'000));
      expect_showable(parse_go_pprof(mutated));
      (void)sample_period_ns(mutated);
    }
  }
}

}  // namespace
}  // namespace leakbench
