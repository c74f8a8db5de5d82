// Whatever is in an allowlist, reading it gives one or an Error of one line, and matching it with
// anything ends: never a crash, another exception, or undefined behaviour.
#include <gtest/gtest.h>

#include <random>

#include "harness/base/error.h"
#include "harness/verdict/allowlist_file.h"

namespace leakbench {
namespace {

constexpr const char* kSeed =
    R"({"schema": "leakbench/allowlist", "schema_version": "1.0.0", "entries": [)"
    R"({"started_at": "main.*work", "waits_at": "q.go:1", "frame": "*a*b*", "reason": "a pool",)"
    R"( "most": 64, "expires": "2027-01-31"}, {"frame": "main.b", "reason": "known"}]})";

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  std::string edited(std::string text) {
    for (std::size_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      switch (below(8)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(at, 1 + below(12));
          break;
        case 2:
          text.insert(at, text.substr(below(text.size()), 1 + below(12)));
          break;
        case 3:
          text.resize(at);
          break;
        default:
          text[at] = static_cast<char>(' ' + below(95));  // printable
      }
    }
    return text;
  }

  std::string of_letters(std::size_t most) {
    std::string text(below(most), ' ');
    for (char& c : text) c = "ab*/: "[below(6)];
    return text;
  }

 private:
  std::mt19937 random_;
};

TEST(AllowlistFuzz, OfBrokenFilesIsAnErrorOfOneLine) {
  Mutator mutator(20261127);
  int accepted = 0;
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = mutator.edited(kSeed);
    try {
      const Allowlist allowlist = parse_allowlist(text, "fuzz");
      ++accepted;
      EXPECT_EQ(to_json(parse_allowlist(to_json(allowlist), "again")), to_json(allowlist));
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(accepted, 20);  // some edits only change words
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
  Mutator mutator(20261127);
  for (int i = 0; i < 5'000; ++i) {
    AllowEntry entry;
    entry.started_at = mutator.of_letters(7);
    AllowSite site;
    site.started_at.function = mutator.of_letters(10);
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
