#include "harness/report/table_text.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

// A raw string that starts on a line of its own, without the line feed before it.
std::string text_of(std::string_view raw) { return std::string(raw.substr(1)); }

TEST(TableText, IsThis) {
  EXPECT_EQ(table_text(sample::summary(), Colour::kNever), text_of(R"(
orphaned-task · 10,000 concurrent requests, each starts one 5 s task
                                           without context   with context    change   published
Average response time                               1.93 s         1.43 s     -26 %   1.9 s -> 1.4 s (-26 %)
p99 response time                                   3.21 s         2.11 s     -34 %
Maximum memory                                     128 MiB       62.3 MiB     -51 %   120 MB -> 78 MB (-35 %)
Live tasks after the requests                       19,990             12   -99.9 %   1,220 -> 64 (-95 %)
Average CPU                                         45.3 %           32 %     -29 %   45 % -> 32 % (-29 %)
CPU per request, to the end of the round           61.5 us        40.1 us     -35 %
Pause (scheduler heartbeat p99)                     4.9 ms            n/a       n/a   GC pause 12 ms -> 6 ms (-50 %)
)"));
}

TEST(TableText, OfASingleArmHasASingleColumn) {
  RunReport run = sample::run();
  run.plan.variants.pop_back();
  const Summary summary = summarise(run, {sample::repetition(2, "without-context")},
                                    sample::kHeadline, sample::published());
  EXPECT_EQ(table_text(summary, Colour::kNever), text_of(R"(
orphaned-task · 10,000 concurrent requests, each starts one 5 s task
                                           without context   published
Average response time                               1.93 s   1.9 s -> 1.4 s (-26 %)
p99 response time                                   3.21 s
Maximum memory                                     128 MiB   120 MB -> 78 MB (-35 %)
Live tasks after the requests                       19,990   1,220 -> 64 (-95 %)
Average CPU                                         45.3 %   45 % -> 32 % (-29 %)
CPU per request, to the end of the round           61.5 us
Pause (scheduler heartbeat p99)                     4.9 ms   GC pause 12 ms -> 6 ms (-50 %)
)"));
}

TEST(TableText, LeavesOutThePublishedColumnWhenNothingWasPublished) {
  const Summary summary =
      summarise(sample::run(),
                {sample::repetition(1, "with-context"), sample::repetition(2, "without-context")},
                sample::kHeadline, {});
  EXPECT_EQ(table_text(summary, Colour::kNever), text_of(R"(
orphaned-task · 10,000 concurrent requests, each starts one 5 s task
                                           without context   with context    change
Average response time                               1.93 s         1.43 s     -26 %
p99 response time                                   3.21 s         2.11 s     -34 %
Maximum memory                                     128 MiB       62.3 MiB     -51 %
Live tasks after the requests                       19,990             12   -99.9 %
Average CPU                                         45.3 %           32 %     -29 %
CPU per request, to the end of the round           61.5 us        40.1 us     -35 %
Pause (scheduler heartbeat p99)                     4.9 ms            n/a       n/a
)"));
}

TEST(TableText, SaysThatSeveralRoundsAreInOneFigure) {
  Summary summary = sample::summary();
  summary.arms[0].verdict.verdict.growth_per_round = 20'000;
  const std::string text = table_text(summary, Colour::kNever);
  const std::size_t head = text.find('\n') + 1;
  EXPECT_TRUE(text.substr(head).starts_with("medians over the rounds   ")) << text;
}

TEST(TableText, OfNoRowsIsTheTitle) {
  Summary summary = sample::summary();
  summary.table.clear();
  EXPECT_EQ(table_text(summary, Colour::kNever),
            "orphaned-task · 10,000 concurrent requests, each starts one 5 s task\n");
}

TEST(TableText, ColoursTitleAndHeaderAndNothingElse) {
  Summary summary = sample::summary();
  summary.table.resize(1);
  EXPECT_EQ(table_text(summary, Colour::kAlways),
            "\x1b[1morphaned-task · 10,000 concurrent requests, each starts one 5 s task\x1b[0m\n"
            "\x1b[1m                        without context   with context   change   "
            "published\x1b[0m\n"
            "Average response time            1.93 s         1.43 s    -26 %   "
            "1.9 s -> 1.4 s (-26 %)\n");
}

TEST(ChooseColour, WantsATerminalAndNoNoColor) {
  EXPECT_EQ(choose_colour(true, nullptr), Colour::kAlways);
  EXPECT_EQ(choose_colour(true, ""), Colour::kAlways);
  EXPECT_EQ(choose_colour(true, "1"), Colour::kNever);
  EXPECT_EQ(choose_colour(true, "0"), Colour::kNever);
  EXPECT_EQ(choose_colour(false, nullptr), Colour::kNever);
}

}  // namespace
}  // namespace leakbench
