#include "harness/report/sample_file.h"

#include <gtest/gtest.h>

#include <random>

#include "harness/report/recorded_files.h"

namespace leakbench {
namespace {

std::string refused(const std::string& csv) {
  return test_files::refusal("/nowhere", ExitCode::kUsage, [&] { parse_live_tasks(csv, "x.csv"); });
}

TEST(SampleFile, TakesTheTwoColumnsWhereverTheyStand) {
  const auto samples = parse_live_tasks("phase,live_tasks,t_ns\nload,7,100\nload,,200\n", "x.csv");
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].t_ns, 100);
  EXPECT_EQ(samples[0].live_tasks, 7);
  EXPECT_EQ(samples[1].live_tasks, std::nullopt);
}

TEST(SampleFile, OfAHeaderAloneHasNoSamples) {
  EXPECT_TRUE(parse_live_tasks("t_ns,live_tasks\n", "x.csv").empty());
}

TEST(SampleFile, NamesTheLineThatIsWrong) {
  EXPECT_EQ(refused(""), "x.csv is empty");
  EXPECT_EQ(refused("t_ns,live_tasks\n1,2"),
            "x.csv ends within a line: it was not written to the end");
  EXPECT_EQ(refused("t_ns,tasks\n"), "x.csv: line 1: there is no column live_tasks");
  EXPECT_EQ(refused("t_ns,live_tasks\n1,2\n2\n"), "x.csv: line 3: has 1 fields, the header has 2");
  EXPECT_EQ(refused("t_ns,live_tasks\n1,-2\n"), "x.csv: line 2: \"-2\" is not a whole number");
  EXPECT_EQ(refused("t_ns,live_tasks\n1,2x\n"), "x.csv: line 2: \"2x\" is not a whole number");
  EXPECT_EQ(refused("t_ns,live_tasks\n2,0\n1,0\n"), "x.csv: line 3: t_ns goes back or is missing");
  EXPECT_EQ(refused("t_ns,live_tasks\n,0\n"), "x.csv: line 2: t_ns goes back or is missing");
}

TEST(SampleFile, ThatIsNotThereIsNamed) {
  const test_files::RecordedFiles files;
  const auto words = test_files::refusal(files.path(), ExitCode::kUsage,
                                         [&] { read_live_tasks(files.path() / "none.csv"); });
  EXPECT_EQ(words, "cannot read none.csv: No such file or directory");
}

// Whatever is in it: samples, or an Error of one line.
TEST(SampleFile, MutatedTextsGiveSamplesOrAnError) {
  const std::string whole = "t_ns,live_tasks,phase\n0,0,load\n50,12,load\n100,,drain\n";
  int accepted = 0;
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t limit) {
      return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    std::string text = whole;
    text[below(text.size())] = "0,\n\r x-\xff"[below(8)];
    if (below(3) == 0) text.resize(below(text.size()));
    try {
      parse_live_tasks(text, "x.csv");
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 1'500);
}

}  // namespace
}  // namespace leakbench
