#include "harness/run/progress.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/run/test_output.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(RenderProgress, SaysWhereTheRunIs) {
  ProgressState state;
  state.repetition = 2;
  state.repetitions = 6;
  state.arm = "with-context";
  state.phase = "load";
  state.answered = 12'000;
  state.requests = 20'000;
  state.live_tasks = 31;
  state.rss_bytes = 23'173'530;
  state.left = 39'200ms;
  EXPECT_EQ(render_progress(state),
            "[2/6] with-context  load  12,000/20,000 requests  live tasks 31  22.1 MiB  "
            "about 40 s left");
  state.phase = "connect";
  state.connected = 512;
  state.connections = 10'000;
  state.live_tasks = state.rss_bytes = std::nullopt;
  state.left = std::nullopt;
  EXPECT_EQ(render_progress(state), "[2/6] with-context  connect  512/10,000 connections");
}

TEST(Progress, PrintsOneLinePerRepetitionWhereThereIsNoTerminal) {
  TestOutput output;
  {
    Progress progress(ProgressStyle::kLines, output.file(), 2, 10s);
    progress.begin_repetition(1, "with-context", 10, 20);
    progress.set_phase("load");
    progress.end_repetition("clean");
    progress.note("a note");
  }
  EXPECT_EQ(output.text(), "[1/2] with-context: clean\na note\n");
}

TEST(Progress, PrintsANoteThatComesInEachRepetitionOnce) {
  TestOutput output;
  {
    Progress progress(ProgressStyle::kLines, output.file(), 2, 10s);
    progress.note("warning: with-context: no heap");
    progress.note("warning: without-context: no heap");
    progress.note("warning: with-context: no heap");
  }
  EXPECT_EQ(output.text(), "warning: with-context: no heap\nwarning: without-context: no heap\n");
}

TEST(Progress, PrintsNothingWhenQuiet) {
  TestOutput output;
  {
    Progress progress(ProgressStyle::kQuiet, output.file(), 2, 10s);
    progress.begin_repetition(1, "with-context", 10, 20);
    progress.end_repetition("clean");
    progress.note("a note");
  }
  EXPECT_EQ(output.text(), "");
}

TEST(Progress, RedrawsOneLineOnATerminalAndClearsItAtTheEnd) {
  TestOutput output;
  {
    Progress progress(ProgressStyle::kTerminal, output.file(), 2, 10s);
    progress.begin_repetition(1, "with-context", 10, 20);
    progress.end_repetition("clean");
  }
  const std::string text = output.text();
  EXPECT_NE(text.find("\r\x1b[K[1/2] with-context: clean\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\x1b[K"));
}

}  // namespace
}  // namespace leakbench
