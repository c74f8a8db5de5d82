#include "harness/run/progress.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// A file in memory to print to.
class Output {
 public:
  Output() : file_(::open_memstream(&text_, &size_)) {}
  ~Output() {
    std::fclose(file_);
    std::free(text_);
  }
  std::FILE* file() { return file_; }
  std::string text() {
    std::fflush(file_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

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
  Output output;
  {
    Progress progress(ProgressStyle::kLines, output.file(), 2, 10s);
    progress.begin_repetition(1, "with-context", 10, 20);
    progress.set_phase("load");
    progress.end_repetition("clean");
    progress.note("a note");
  }
  EXPECT_EQ(output.text(), "[1/2] with-context: clean\na note\n");
}

TEST(Progress, PrintsNothingWhenQuiet) {
  Output output;
  {
    Progress progress(ProgressStyle::kQuiet, output.file(), 2, 10s);
    progress.begin_repetition(1, "with-context", 10, 20);
    progress.end_repetition("clean");
    progress.note("a note");
  }
  EXPECT_EQ(output.text(), "");
}

TEST(Progress, RedrawsOneLineOnATerminalAndClearsItAtTheEnd) {
  Output output;
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
