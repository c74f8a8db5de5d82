#include "harness/run/tool_run.h"

#include <gtest/gtest.h>

#include <thread>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class ToolRunTest : public testing::Test {
 protected:
  ToolOutput run(const std::string& script, Duration bound = 60s,
                 const Context& ctx = background()) {
    return run_tool({"/bin/sh", "-c", script}, {{"LEAKBENCH_TEST", "given"}}, scratch_, bound, ctx);
  }

  const TemporaryFolder folder_;
  const std::filesystem::path scratch_ = folder_ / "scratch";
};

TEST_F(ToolRunTest, GivesWhatTheProgramPrints) {
  const ToolOutput output = run("echo $LEAKBENCH_TEST; echo note >&2");
  EXPECT_EQ(output.text, "given\nnote\n");
  EXPECT_FALSE(std::filesystem::exists(scratch_));
}

TEST_F(ToolRunTest, NamesTheStatusAndTheLastWordsOfOneThatFails) {
  const ToolOutput output = run("echo bad profile >&2; exit 3");
  EXPECT_FALSE(output.text.has_value());
  EXPECT_EQ(output.problem, "/bin/sh exited with status 3: bad profile");
  EXPECT_TRUE(output.started);
  EXPECT_FALSE(std::filesystem::exists(scratch_));
}

TEST_F(ToolRunTest, SaysWhichProgramIsMissing) {
  const ToolOutput output = run_tool({"no-such-tool"}, {}, scratch_, 60s, background());
  EXPECT_FALSE(output.text.has_value());
  EXPECT_EQ(output.problem, "command not found: \"no-such-tool\" is in no folder of PATH");
  EXPECT_FALSE(output.started);
}

TEST_F(ToolRunTest, KillsOneThatIsOverItsTimeWithAllThatItHasStarted) {
  const auto pid_file = folder_ / "pid";
  const ToolOutput output = run("sleep 600 & echo $! >" + pid_file.string() + "; wait", 300ms);
  EXPECT_EQ(output.problem, "/bin/sh did not end within 300ms");
  if (const std::string child = file_content(pid_file); !child.empty()) {
    EXPECT_TRUE(eventually([&] { return !process_runs(std::stoi(child)); }));
  }
}

TEST_F(ToolRunTest, KillsItWhenTheContextIsDone) {
  Cancellable stop = with_cancel(background());
  const auto started = folder_ / "started";
  std::thread stopper([&] {
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(started); }));
    stop.cancel();
  });
  const ToolOutput output =
      run("touch " + started.string() + "; exec sleep 600", 600s, stop.context);
  stopper.join();
  EXPECT_FALSE(output.text.has_value());
  EXPECT_EQ(output.problem, "/bin/sh was interrupted");
}

}  // namespace
}  // namespace leakbench
