#include "harness/probe/goroutine_text.h"

#include <gtest/gtest.h>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

// As Go 1.19 writes it, with full paths.
constexpr const char* kThreeRecords =
    "goroutine profile: total 54\n"
    "50 @ 0x43d416 0x40708c 0x406c3d 0x683418 0x46dcc1\n"
    "# labels: {\"route\":\"/leak\"}\n"
    "#\t0x683417\tmain.work.func1+0x37\t\t/src/my app/main.go:3\n"
    "#\t0x683420\tmain.(*queue[...]).run+0x2c\t/src/my app/queue.go:12\n"
    "\n"
    "3 @ 0x43d416 0x407e9b 0x46dcc1\n"
    "#\t0x6838d6\tmain.operator+0+0x36\t/src/my app/main.go:9\n"
    "#\t0x6838d9\n"
    "\n"
    "1 @ 0x46dcc1\n"
    "\n";

GoroutineText parsed(std::string_view text) {
  auto result = parse_goroutine_text(text);
  EXPECT_TRUE(result) << result.error();
  return *std::move(result);
}

std::string error_of_text(const std::string& text, const GoroutineTextLimits& limits = {}) {
  const auto result = parse_goroutine_text(text, limits);
  EXPECT_FALSE(result) << text;
  if (result) return "";
  expect_one_line(result.error());
  return result.error();
}

TEST(GoroutineText, ReadsRecordsWithTheirLabelsAndCalls) {
  const GoroutineText text = parsed(kThreeRecords);
  EXPECT_EQ(text.kind, "goroutine");
  EXPECT_EQ(text.total, 54);
  EXPECT_FALSE(text.truncated);
  ASSERT_EQ(text.records.size(), 3u);
  EXPECT_EQ(text.records[0].count, 50);
  EXPECT_EQ(text.records[0].addresses, 5u);
  EXPECT_EQ(text.records[0].labels, (std::map<std::string, std::string>{{"route", "/leak"}}));
  EXPECT_EQ(shown(text.records[0].stack, text.frames),
            (std::vector<std::string>{"main.work.func1 /src/my app/main.go:3",
                                      "main.(*queue[...]).run /src/my app/queue.go:12"}));
  EXPECT_EQ(shown(text.records[1].stack, text.frames),
            (std::vector<std::string>{"main.operator+0 /src/my app/main.go:9", "0x6838d9"}));
  EXPECT_TRUE(text.records[2].stack.empty());
  EXPECT_EQ(text.records[2].addresses, 1u);
}

TEST(GoroutineText, ReadsTheGoroutinesOfARealServer) {
  const GoroutineText text = parsed(captured("goroutine_debug1.txt"));
  EXPECT_EQ(text.kind, "goroutine");
  EXPECT_EQ(text.total, 68);
  EXPECT_FALSE(text.truncated);
  std::int64_t described = 0;
  int labelled = 0;
  for (const GoroutineRecord& record : text.records) {
    described += record.count;
    if (record.labels.empty()) continue;
    ++labelled;
    EXPECT_EQ(record.labels.at("user"), "\"Zoë\"\tA]:}");
  }
  EXPECT_EQ(described, 68);
  EXPECT_EQ(labelled, 1);
  EXPECT_EQ(shown(text.records[0].stack, text.frames),
            (std::vector<std::string>{"main.chargeCard example.com/shop/main.go:33",
                                      "main.main.func1 example.com/shop/main.go:80"}));
}

TEST(GoroutineText, ReadsTheLeaksThatGoHasProven) {
  const GoroutineText text = parsed(captured("goroutineleak_debug1.txt"));
  EXPECT_EQ(text.kind, "goroutineleak");
  EXPECT_EQ(text.total, 37);
  EXPECT_FALSE(text.truncated);
}

TEST(GoroutineText, NoGoroutinesAreNoRecords) {
  const GoroutineText text = parsed("goroutineleak profile: total 0\n");
  EXPECT_EQ(text.total, 0);
  EXPECT_FALSE(text.truncated);
  EXPECT_TRUE(text.records.empty());
}

TEST(GoroutineText, WhereverItIsCutNothingIsMisread) {
  const std::string whole = kThreeRecords;
  const std::size_t header = whole.find('\n');
  for (std::size_t size = header; size < whole.size(); ++size) {
    const GoroutineText text = parsed(whole.substr(0, size));
    SCOPED_TRACE(whole.substr(0, size));
    EXPECT_TRUE(text.truncated);
    EXPECT_EQ(text.total, 54);
    const std::vector<std::int64_t> counts = {50, 3};
    ASSERT_LE(text.records.size(), counts.size());
    for (std::size_t i = 0; i < text.records.size(); ++i) {
      EXPECT_EQ(text.records[i].count, counts[i]);
      EXPECT_EQ(text.records[i].stack.size(), 2u);
    }
  }
}

TEST(GoroutineText, SaysWhatIsWrongAndInWhichLine) {
  EXPECT_EQ(error_of_text(""),
            "not a text of goroutines, line 0: expected KIND profile: total N, found \"\"");
  EXPECT_EQ(error_of_text("<html>\n"),
            "not a text of goroutines, line 1: expected KIND profile: total N, found \"<html>\"");
  const std::string header = "goroutine profile: total 5\n";
  EXPECT_EQ(error_of_text(header + "x @ 0x1\n"),
            "not a text of goroutines, line 2: expected COUNT @ ADDRESSES, found \"x @ 0x1\"");
  EXPECT_EQ(error_of_text(header + "\n1 @ 0x1\n2 @ 0x2\n"),
            "not a text of goroutines, line 4: expected a call, labels or an empty line, found "
            "\"2 @ 0x2\"");
  EXPECT_EQ(error_of_text(header + "6 @ 0x1\n\n"),
            "not a text of goroutines, line 3: more goroutines than the 5 of the first line");
}

TEST(GoroutineText, RefusesWhatTheServerNeverWrites) {
  const std::string header = "goroutine profile: total 5\n";
  for (const char* text : {" profile: total 5\n", "goroutine profile: total\n",
                           "goroutine profile: total -5\n", "goroutine profile: total 5x\n"}) {
    error_of_text(text);
  }
  for (const char* text : {"0 @ 0x1\n\n", "1 @ 1\n\n", "1 0x1\n\n", "1 @ 0x1\n# labels: {\n\n",
                           "1 @ 0x1\n# lables: {}\n\n", "#\t0x1\n\n"}) {
    error_of_text(header + text);
  }
}

TEST(GoroutineText, EveryLimitEndsInAnError) {
  EXPECT_NE(error_of_text(kThreeRecords, {.records = 2}).find("more than 2 records"),
            std::string::npos);
  EXPECT_NE(error_of_text(kThreeRecords, {.frames = 3}).find("more than 3 different calls"),
            std::string::npos);
}

}  // namespace
}  // namespace leakbench
