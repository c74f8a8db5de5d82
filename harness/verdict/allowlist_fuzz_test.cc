// Whatever is in an allowlist, reading it gives one or an Error of one line, and matching it with
// anything ends: never a crash, another exception, or undefined behaviour.
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/verdict/allowlist_file.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr const char* kSeed =
    R"({"schema": "leakbench/allowlist", "schema_version": "1.0.0", "entries": [)"
    R"({"started_at": "main.*work", "waits_at": "q.go:1", "frame": "*ab*cd*", "reason": "a pool",)"
    R"( "most": 64, "expires": "2027-01-31"}, {"frame": "main.b", "reason": "known"}]})";

constexpr std::string_view kTokens[] = {"\"", "*", ",", ":",          "{",      "}",
                                        "0",  "-", "a", "2027-02-30", "\\u0000"};
constexpr std::string_view kLetters = "ab*/: ";

TEST(AllowlistFuzz, OfBrokenFilesIsAnErrorOfOneLine) {
  Dice dice(20261127);
  int accepted = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = damaged(kSeed, dice, kTokens);
    try {
      const Allowlist allowlist = parse_allowlist(text, "fuzz");
      ++accepted;
      EXPECT_EQ(to_json(parse_allowlist(to_json(allowlist), "again")), to_json(allowlist));
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(accepted, 50);  // some edits only change words
}

// As a person would write it: a star takes nothing, or a letter and the rest of what it takes.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
  }
  return !text.empty() && pattern[0] == text[0] && matches(pattern.substr(1), text.substr(1));
}

bool matches_behind_a_slash(std::string_view pattern, std::string_view text) {
  if (text.empty()) return false;
  if (matches(pattern, text)) return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/' && matches(pattern, text.substr(i + 1))) return true;
  }
  return false;
}

TEST(AllowlistFuzz, MatchesLikeThePlainestDefinition) {
  Dice dice(20261127);
  for (int i = 0; i < 5'000; ++i) {
    AllowEntry entry;
    entry.started_at = dice.letters(6, kLetters);
    AllowSite site;
    site.started_at.function = dice.letters(9, kLetters);
    site.live = 1;
    const std::vector<AllowSite> sites = {site};
    const auto acceptance = accept({"", {entry}}, sites, std::chrono::sys_days());
    EXPECT_EQ(acceptance.by_site[0].has_value(),
              matches_behind_a_slash(*entry.started_at, site.started_at.function))
        << *entry.started_at << " on " << site.started_at.function;
  }
}

}  // namespace
}  // namespace leakbench
