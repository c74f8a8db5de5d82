#include "harness/target/log_tail.h"

#include <gtest/gtest.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

TEST(LogTail, GivesTheLastLinesThatAreNotBlank) {
  const TemporaryFolder folder;
  std::ofstream(folder / "log") << "one\ntwo\r\n\nthree  \n \n\n";
  EXPECT_EQ(log_tail(folder / "log", 2), (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(log_tail(folder / "log", 9), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(describe_log(folder / "log"),
            "last line of " + (folder / "log").string() + ": three (first line: one)");
  std::ofstream(folder / "log") << "\n only \n";
  EXPECT_EQ(describe_log(folder / "log"), "last line of " + (folder / "log").string() + ":  only");
}

TEST(LogTail, ReadsOnlyTheEndOfALargeLog) {
  const TemporaryFolder folder;
  {
    std::ofstream stream(folder / "log");
    for (int i = 0; i < 100'000; ++i) stream << "line " << i << '\n';
  }
  EXPECT_EQ(log_tail(folder / "log", 1), (std::vector<std::string>{"line 99999"}));
  EXPECT_LT(log_tail(folder / "log", 1'000'000).size(), 2'000u);
}

TEST(LogTail, MakesWildOutputSafe) {
  const TemporaryFolder folder;
  std::ofstream(folder / "log") << "\x1b[2J" << std::string(10'000, 'x');
  const auto lines = log_tail(folder / "log", 1);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].substr(0, 8), "\\x1b[2Jx");
  EXPECT_LT(lines[0].size(), 310u);
}

TEST(LogTail, SaysWhenThereIsNothing) {
  const TemporaryFolder folder;
  EXPECT_TRUE(log_tail(folder / "none", 3).empty());
  EXPECT_EQ(describe_log(folder / "none"), (folder / "none").string() + " is empty");
}

}  // namespace
}  // namespace leakbench
