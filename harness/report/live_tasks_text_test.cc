#include "harness/report/live_tasks_text.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

// A repetition of one load of 10 s whose tasks are sampled once a second.
RepetitionTimeline timeline(const std::string& arm, const std::vector<std::int64_t>& counts) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  RepetitionTimeline repetition{sample::repetition(1, arm), {}};
  repetition.report.phases = {{"warm-up", 0, 0, kSecond}, {"load", 1, kSecond, 11 * kSecond}};
  std::int64_t time = kSecond;
  for (const std::int64_t count : counts) {
    repetition.samples.push_back({time, count});
    time += kSecond;
  }
  return repetition;
}

std::string text_of(const std::vector<RepetitionTimeline>& repetitions) {
  return live_tasks_text({"without-context", "with-context"}, repetitions, 10, Colour::kNever);
}

TEST(LiveTasksText, SetsTheArmsOneBelowTheOtherOnOneScale) {
  EXPECT_EQ(text_of({timeline("with-context", {0, 1, 2, 0, 0, 0, 0, 0, 0, 0}),
                     timeline("without-context", {0, 7, 14, 14, 14, 14, 7, 4, 2, 0})}),
            "Live tasks, 0 to 14, in the 10 s from the first request on\n"
            "without-context   ▁▅████▅▃▂▁\n"
            "with-context      ▁▂▂▁▁▁▁▁▁▁\n");
}

TEST(LiveTasksText, ShowsTheRepetitionInTheMiddle) {
  const std::string text = text_of({timeline("with-context", {9, 9, 9, 9, 9, 9, 9, 9, 9, 9}),
                                    timeline("with-context", {5, 5, 5, 5, 5, 5, 5, 5, 5, 5}),
                                    timeline("with-context", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0})});
  EXPECT_NE(text.find("0 to 5, "), std::string::npos) << text;
}

TEST(LiveTasksText, SaysOfAnArmThatItWasNotMeasured) {
  const std::string text =
      text_of({timeline("with-context", {1}), timeline("without-context", {})});
  EXPECT_NE(text.find("without-context   not measured\n"), std::string::npos) << text;
}

TEST(LiveTasksText, IsEmptyWhereNoRepetitionHasCounts) {
  EXPECT_EQ(text_of({}), "");
  EXPECT_EQ(text_of({timeline("with-context", {})}), "");
  RepetitionTimeline without_load = timeline("with-context", {1, 2});
  without_load.report.phases.clear();
  EXPECT_EQ(text_of({without_load}), "");
}

}  // namespace
}  // namespace leakbench
