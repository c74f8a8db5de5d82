#include "harness/target/server_process.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>

#include "harness/target/ports.h"
#include "harness/target/test_server.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;
using How = StopReport::How;

class ServerProcessTest : public testing::Test {
 protected:
  ServerSpec shell(const std::string& script) const {
    return {"with-context", {"/bin/sh", "-c", script}, log(), {}};
  }
  std::filesystem::path log() const { return folder_ / "server.log"; }
  pid_t pid_in_log() const { return std::stoi(file_content(log())); }

  TemporaryFolder folder_;
};

TEST_F(ServerProcessTest, IsReadyWhenItsControlPortSaysSo) {
  std::atomic<int> asked = 0;
  const TestHttpServer control([&](httplib::Server& http) {
    http.Get("/healthz", [&](const auto&, auto& response) {
      response.status = ++asked < 3 ? 503 : 200;  // not at the first look
    });
  });
  ServerProcess server(shell("exec sleep 60"));
  EXPECT_TRUE(server.wait_until_ready(control.port(), "/healthz", seconds(20)));
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(server.exit_status().has_value());
}

TEST_F(ServerProcessTest, NamesTheStatusAndTheLastLineOfAServerThatEndsAtStart) {
  ServerProcess server(shell("echo starting; echo 'bind: Address already in use' >&2; exit 3"));
  const auto start = Clock::now();
  const std::string message =
      error_of([&] { server.wait_until_ready(pick_free_port(), "/healthz", seconds(60)); },
               ExitCode::kIncomplete);
  EXPECT_LT(Clock::now() - start, seconds(20));
  EXPECT_EQ(message,
            "server for arm with-context exited with status 3 before it was ready; last line of " +
                log().string() + ": bind: Address already in use (first line: starting)");
  EXPECT_EQ(server.exit_status()->code, 3);
}

TEST_F(ServerProcessTest, NamesTheSignalThatKilledAServer) {
  ServerProcess server(shell("kill -SEGV $$"));
  const std::string message = error_of(
      [&] { server.wait_until_ready(pick_free_port(), "/", seconds(60)); }, ExitCode::kIncomplete);
  EXPECT_EQ(message, "server for arm with-context was killed by SIGSEGV before it was ready; " +
                         log().string() + " is empty");
}

TEST_F(ServerProcessTest, IsNotReadyWhenAStrangerAnswersInItsPlace) {
  std::atomic<pid_t> server_pid = -1;
  const TestHttpServer stranger([&](httplib::Server& http) {
    http.Get("/healthz", [&](const auto&, auto&) {
      // Answers only once the real server has ended.
      eventually([&] { return server_pid > 0 && !process_runs(server_pid); });
    });
  });
  ServerProcess server(shell("echo no port for me; exit 1"));
  server_pid = server.pid();
  const std::string message =
      error_of([&] { server.wait_until_ready(stranger.port(), "/healthz", seconds(60)); },
               ExitCode::kIncomplete);
  EXPECT_NE(message.find("exited with status 1 before it was ready"), std::string::npos);
}

TEST_F(ServerProcessTest, GivesUpOnAServerThatNeverGetsReady) {
  const TestHttpServer control([](httplib::Server& http) {
    http.Get("/healthz", [](const auto&, auto& response) { response.status = 503; });
  });
  ServerProcess server(shell("echo thinking; exec sleep 60"));
  ASSERT_TRUE(log_gets(log(), "thinking"));
  EXPECT_EQ(
      error_of([&] { server.wait_until_ready(control.port(), "/healthz", milliseconds(100)); },
               ExitCode::kIncomplete),
      "server for arm with-context was not ready within 100ms: GET http://127.0.0.1:" +
          std::to_string(control.port()) + "/healthz answered 503; last line of " + log().string() +
          ": thinking");
  const std::uint16_t unused = pick_free_port();
  EXPECT_NE(error_of([&] { server.wait_until_ready(unused, "/", milliseconds(50)); },
                     ExitCode::kIncomplete)
                .find("/: nobody accepts connections"),
            std::string::npos);
}

TEST_F(ServerProcessTest, StopsWaitingWhenItIsCancelled) {
  ServerProcess server(shell("exec sleep 60"));
  int asked = 0;
  EXPECT_FALSE(
      server.wait_until_ready(pick_free_port(), "/", seconds(60), [&] { return ++asked == 5; }));
}

TEST_F(ServerProcessTest, StopsGracefullyWhenTheServerListens) {
  ServerProcess server(
      shell("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done"));
  ASSERT_TRUE(log_gets(log(), "up"));
  const StopReport report = server.stop(seconds(20));
  EXPECT_EQ(report.how, How::kGracefully);
  EXPECT_EQ(report.status.code, 0);
  EXPECT_EQ(report.status.signal, std::nullopt);
  EXPECT_NE(file_content(log()).find("bye"), std::string::npos);
  EXPECT_LT(report.took, seconds(20));
}

TEST_F(ServerProcessTest, StopsByForceWhenItDoesNot) {
  ServerProcess server(shell("trap '' TERM; echo up; while :; do sleep 0.02; done"));
  ASSERT_TRUE(log_gets(log(), "up"));
  const StopReport report = server.stop(milliseconds(100));
  EXPECT_EQ(report.how, How::kByForce);
  EXPECT_EQ(report.status.signal, SIGKILL);
  EXPECT_EQ(report.status.code, std::nullopt);
  EXPECT_GE(report.took, milliseconds(100));
}

TEST_F(ServerProcessTest, StopsAServerThatIsSuspended) {
  ServerProcess server(shell("exec sleep 60"));
  ::kill(server.pid(), SIGSTOP);
  // Pending together, SIGTERM would come first.
  ASSERT_TRUE(eventually([&] { return process_state(server.pid()) == 'T'; }));
  EXPECT_EQ(server.stop(milliseconds(50)).how, How::kByForce);
}

TEST_F(ServerProcessTest, ReportsOneThatWasGoneAndTheSameReportTwice) {
  ServerProcess server(shell("exit 7"));
  ASSERT_TRUE(server.wait_for_exit(seconds(20)));
  EXPECT_EQ(std::string(server.unexpected_exit("while requests were in flight").what()),
            "server for arm with-context exited with status 7 while requests were in flight; " +
                log().string() + " is empty");
  for (int i = 0; i < 2; ++i) {
    const StopReport report = server.stop(seconds(1));
    EXPECT_EQ(report.how, How::kWasGone);
    EXPECT_EQ(report.status.code, 7);
  }
  EXPECT_EQ(server.exit_status()->code, 7);
}

TEST_F(ServerProcessTest, LeavesNoProcessOfTheGroupBehind) {
  // The leader ends at once on SIGTERM; its child ignores it.
  ServerProcess server(
      shell("(trap '' TERM; echo $(exec sh -c 'echo $PPID'); while :; do sleep 0.02; done) & "
            "trap 'exit 0' TERM; wait"));
  ASSERT_TRUE(log_gets(log(), "\n"));
  const pid_t child = pid_in_log();
  ASSERT_TRUE(process_runs(child));
  EXPECT_EQ(server.stop(seconds(20)).how, How::kGracefully);
  EXPECT_FALSE(process_runs(child));
}

TEST_F(ServerProcessTest, ALeaderThatEndsByItselfLeavesNoProcessBehindEither) {
  pid_t child = -1;
  {
    ServerProcess server(shell("sleep 60 & echo $!; exit 4"));
    ASSERT_TRUE(server.wait_for_exit(seconds(20)));
    child = pid_in_log();
    ASSERT_TRUE(process_runs(child));
  }
  EXPECT_FALSE(process_runs(child));
}

TEST_F(ServerProcessTest, IsKilledWithTheObject) {
  pid_t pid = -1;
  {
    ServerProcess server(shell("trap '' TERM; while :; do sleep 0.02; done"));
    pid = server.pid();
    EXPECT_TRUE(process_runs(pid));
  }
  EXPECT_FALSE(process_runs(pid));
  EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1) << "the process was not reaped";
}

TEST_F(ServerProcessTest, InheritsTheLimitOfOpenFiles) {
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit changed = before;
  changed.rlim_cur = before.rlim_max - 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &changed), 0);
  ServerProcess server(shell("ulimit -n"));
  ASSERT_TRUE(server.wait_for_exit(seconds(20)));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(file_content(log()), std::to_string(changed.rlim_cur) + "\n");
}

TEST_F(ServerProcessTest, SaysWhyItCannotStart) {
  EXPECT_EQ(error_of(
                [&] {
                  ServerProcess server({"with-context", {"no-such-leakbench-server"}, log(), {}});
                },
                ExitCode::kIncomplete),
            "server for arm with-context could not be started: command not found: "
            "\"no-such-leakbench-server\" is in no folder of PATH");
}

}  // namespace
}  // namespace leakbench
