#include "harness/run/load_status.h"

#include <gtest/gtest.h>

#include "harness/run/test_output.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST(RenderLoadStatus, SaysHowFarThePhaseIs) {
  LoadState state{.phase = "connect", .done = 512, .of = 10'000, .elapsed = 100ms};
  EXPECT_EQ(render_load_status(state), "connect  512/10,000 connections");
  state = {.phase = "measure", .done = 12'000, .of = std::nullopt, .elapsed = 3s, .length = 10s};
  EXPECT_EQ(render_load_status(state), "measure  12,000 requests  4,000/s  about 7 s left");
  state.elapsed = 12s;
  EXPECT_EQ(render_load_status(state),
            "measure  12,000 requests  1,000/s  waiting for the last answers");
  state = {.phase = "measure", .done = 4'000, .of = 20'000, .elapsed = 2s};
  EXPECT_EQ(render_load_status(state), "measure  4,000/20,000 requests  2,000/s");
}

TEST(LoadStatus, PrintsOneLinePerPhaseWhereThereIsNoTerminal) {
  TestOutput output;
  LoadProgress load(1);
  {
    LoadStatus status(ProgressStyle::kLines, output.file(), load);
    status.begin("connect", 3, std::nullopt);
    load.of_thread(0).connected = 3;
    status.end();
    load.of_thread(0).answered = 100;
    status.begin("measure", std::nullopt, 1s);
    load.of_thread(0).answered = 142;
    status.end();
  }
  const std::string text = output.text();
  EXPECT_TRUE(text.starts_with("connect  3/3 connections\nmeasure  42 requests  ")) << text;
  EXPECT_TRUE(text.ends_with("/s\n")) << text;
}

TEST(LoadStatus, PrintsNothingWhenQuiet) {
  TestOutput output;
  const LoadProgress load(1);
  {
    LoadStatus status(ProgressStyle::kQuiet, output.file(), load);
    status.begin("connect", 3, std::nullopt);
    status.end();
  }
  EXPECT_EQ(output.text(), "");
}

}  // namespace
}  // namespace leakbench
