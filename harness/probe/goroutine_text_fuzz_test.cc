// Whatever a server sends as a text of goroutines, parsing it gives a profile or an error of one
// line. Seeded and so repeatable; the sanitizer builds run it too.
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/probe/goroutine_profile.h"
#include "harness/probe/test_goroutines.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr std::string_view kTokens[] = {"\n",
                                        "\n\n",
                                        "\t",
                                        "#\t",
                                        "goroutine 7 [",
                                        "]:",
                                        "[",
                                        "]",
                                        "\"",
                                        "\\",
                                        ", 9 minutes",
                                        " (leaked)",
                                        " labels:{",
                                        "# labels: {\"a\":\"b\"}\n",
                                        "...additional frames elided...\n",
                                        "[originating from goroutine 1]:\n",
                                        "created by main.main in goroutine 1\n",
                                        "99999999999999999999",
                                        " @ 0x1",
                                        ":",
                                        "(",
                                        "non-Go function at pc=0x1\n",
                                        "\xff",
                                        "9"};
;

// Fewer goroutines of a longer text, so that a mutation hits something.
std::string some_paragraphs(const std::string& text, Dice& dice) {
  std::string some = text.substr(0, text.find('\n') + 1);
  if (some.starts_with("goroutine ") && some.ends_with("]:\n")) some.clear();
  for (std::size_t left = 1 + dice.below(6); left > 0; --left) {
    std::size_t begin = text.find("\n\n", dice.below(text.size()));
    begin = begin == std::string::npos ? 0 : begin + 2;
    const std::size_t end = std::min(text.find("\n\n", begin), text.size() - 2);
    if (end > begin) some += text.substr(begin, end + 2 - begin);
  }
  return some;
}

void expect_consistent(const GoroutineProfile& profile) {
  std::int64_t sum = 0;
  for (const GoroutineGroup& group : profile.groups) {
    ASSERT_GT(group.count, 0);
    ASSERT_EQ(group.waits_at == nullptr, group.example.empty());
    const GoFrame* const frames = profile.frames->data();
    ASSERT_TRUE(std::all_of(group.example.begin(), group.example.end(), [&](const GoFrame* call) {
      return call >= frames && call < frames + profile.frames->size() && call->line >= 0;
    }));
    sum += group.count;
  }
  ASSERT_EQ(sum, profile.application + profile.system);
  ASSERT_TRUE(sum == profile.total || (profile.truncated && sum < profile.total))
      << sum << " of " << profile.total;
}

// True when it was accepted.
bool parse_text(const std::string& content) {
  auto text = parse_goroutine_text(content, {.records = 30, .frames = 200});
  if (!text) {
    expect_one_line(text.error());
    return false;
  }
  const auto profile = goroutine_profile(*std::move(text));
  if (profile) {
    expect_consistent(*profile);
  } else {
    expect_one_line(profile.error());
  }
  return true;
}

bool parse_dump(const std::string& content) {
  auto dump = parse_goroutine_dump(content, {.server_bytes = 20'000, .groups = 30, .frames = 200});
  if (!dump) {
    expect_one_line(dump.error());
    return false;
  }
  expect_consistent(goroutine_profile(*std::move(dump)));
  return true;
}

int accepted_of(const std::vector<std::string>& corpus, bool (*parse)(const std::string&)) {
  int accepted = 0;
  for (const std::string& name : corpus) {
    const std::string whole = captured(name);
    for (unsigned seed = 0; seed < 1'000; ++seed) {
      Dice dice(seed);
      std::string text = some_paragraphs(whole, dice);
      if (!dice.one_in(5)) text = damaged(std::move(text), dice, kTokens);
      accepted += parse(text);
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << name << ", seed " << seed << ":\n" << text;
        return accepted;
      }
    }
  }
  return accepted;
}

TEST(GoroutineTextFuzz, DamagedTextsGiveAProfileOrAnError) {
  const int accepted =
      accepted_of({"goroutine_debug1.txt", "goroutineleak_debug1.txt"}, &parse_text);
  // Some must get through and some must not: else the mutator tests nothing.
  EXPECT_GT(accepted, 400);
  EXPECT_LT(accepted, 1'600);
}

TEST(GoroutineTextFuzz, DamagedDumpsGiveAProfileOrAnError) {
  const int accepted = accepted_of(
      {"goroutine_debug2.txt", "goroutineleak_debug2.txt", "goroutine_debug2_ancestors.txt"},
      &parse_dump);
  EXPECT_GT(accepted, 600);
  EXPECT_LT(accepted, 2'700);
}

TEST(GoroutineTextFuzz, EveryBeginningOfATextCountsNoMoreThanTheWhole) {
  const std::string text = captured("goroutine_debug1.txt");
  const std::string dump = captured("goroutine_debug2.txt");
  for (std::size_t size = 1; size < dump.size(); size += 97) {
    const auto part_of_text = parse_goroutine_text(text.substr(0, size));
    ASSERT_TRUE(!part_of_text || part_of_text->records.size() <= 42u);
    const auto part_of_dump = parse_goroutine_dump(dump.substr(0, size));
    ASSERT_TRUE(!part_of_dump || part_of_dump->total <= 68);
  }
}

TEST(GoroutineTextFuzz, GarbageIsRefused) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    std::string bytes(1 + dice.below(2'000), '\0');
    for (char& byte : bytes) byte = static_cast<char>(dice.below(256));
    EXPECT_FALSE(parse_text(bytes));
    EXPECT_FALSE(parse_dump(bytes));
  }
}

}  // namespace
}  // namespace leakbench
