// Whatever a tool prints, reading it gives a table that can be shown, or none. Seeded and so
// repeatable; the sanitizer builds run it too.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>

#include "harness/run/profile_functions.h"
#include "harness/run/test_profiles.h"

namespace leakbench {
namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  std::string mutated(std::string text) {
    static constexpr const char* kTokens[] = {
        "\n",           "%",    " ",    "Total: ", "9223372036854775807",
        " [clone .",    "]",    "::::", "@@",      "ns",
        "B\n",          "flat", "-1",   "\xff",    "0",
        "Showing nodes"};
    for (std::size_t edits = 1 + below(6); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(at, 1 + below(30));
          break;
        case 2:
          text.insert(at, text.substr(below(text.size()), 1 + below(200)));
          break;
        default:
          text.insert(at, kTokens[below(std::size(kTokens))]);
      }
    }
    return text;
  }

 private:
  std::mt19937 random_;
};

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
  Mutator mutator(20'261'127);
  for (int i = 0; i < 4'000; ++i) {
    for (const std::string* text : {&kGoogleCpuText, &kGoogleHeapText, &kGoCpuText, &kGoHeapText}) {
      const std::string mutated = mutator.mutated(*text);
      expect_showable(parse_google_pprof(mutated, 10'000'000));
      expect_showable(parse_go_pprof(mutated));
      (void)sample_period_ns(mutated);
    }
  }
}

}  // namespace
}  // namespace leakbench
