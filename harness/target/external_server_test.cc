#include "harness/target/external_server.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/target/ports.h"
#include "harness/target/spawn.h"
#include "harness/target/test_server.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

ExternalTarget target_at(std::uint16_t port, std::optional<std::int64_t> pid = std::nullopt) {
  return {.address = INADDR_LOOPBACK, .port = port, .control_port = port, .pid = pid};
}

// A process of ours that does nothing, until it is killed.
class ExternalServerTest : public testing::Test {
 protected:
  ~ExternalServerTest() override {
    if (!reaped_) end_process();
  }
  void end_process() {
    ::kill(spawned_.pid, SIGKILL);
    ::waitpid(spawned_.pid, nullptr, 0);
    reaped_ = true;
  }

  TemporaryFolder folder_;
  Spawned spawned_ = spawn({{"sleep", "600"}, folder_ / "log", {}});
  bool reaped_ = false;
};

TEST_F(ExternalServerTest, IsReadyWhenItAnswersOrAccepts) {
  const TestHttpServer http([](httplib::Server& server) {
    server.Get("/healthz", [](const auto&, auto& response) { response.status = 200; });
  });
  ExternalServer server(target_at(http.port()));
  EXPECT_TRUE(server.wait_until_ready(http.port(), "/healthz", seconds(20)));
  EXPECT_TRUE(server.wait_until_ready(http.port(), "", seconds(20)));
}

TEST_F(ExternalServerTest, SaysWhatItIsLikeWhenItIsNotReady) {
  const std::uint16_t port = pick_free_port();
  ExternalServer server(target_at(port));
  const std::string name = "server at http://127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(
      error_of([&] { server.wait_until_ready(port, "", milliseconds(1)); }, ExitCode::kIncomplete),
      name + " was not ready within 1ms: port " + std::to_string(port) + ": Connection refused");
  EXPECT_FALSE(server.wait_until_ready(port, "", seconds(20), [] { return true; }));
}

TEST_F(ExternalServerTest, IsLeftAlone) {
  ExternalServer server(target_at(1, spawned_.pid));
  EXPECT_EQ(server.measured_pid(), spawned_.pid);
  EXPECT_FALSE(server.exit_status().has_value());
  EXPECT_FALSE(server.wait_for_exit(milliseconds(1)));
  EXPECT_EQ(server.stop(seconds(5)).how, StopReport::How::kLeftAlone);
  EXPECT_TRUE(process_runs(spawned_.pid));
}

TEST_F(ExternalServerTest, IsKnownToHaveEndedWhereItsProcessIsKnown) {
  ExternalServer server(target_at(1, spawned_.pid));
  end_process();
  EXPECT_TRUE(server.wait_for_exit(seconds(20)));
  ASSERT_TRUE(server.exit_status().has_value());
  EXPECT_STREQ(server.unexpected_exit("under load").what(),
               "server at http://127.0.0.1:1 is gone under load");
  EXPECT_NE(error_of([&] { server.wait_until_ready(1, "", seconds(60)); }, ExitCode::kIncomplete)
                .find("is gone before it was ready"),
            std::string::npos);
  EXPECT_EQ(server.stop(seconds(5)).how, StopReport::How::kWasGone);
}

TEST_F(ExternalServerTest, NeverEndsAsFarAsIsKnownWithoutItsProcess) {
  ExternalServer server(target_at(1));
  EXPECT_EQ(server.measured_pid(), std::nullopt);
  EXPECT_FALSE(server.wait_for_exit(nanoseconds(1)));
  EXPECT_FALSE(server.exit_status().has_value());
}

TEST_F(ExternalServerTest, ThatHasNoProcessOfThatNumberIsAnError) {
  end_process();
  EXPECT_EQ(error_of([&] { const ExternalServer server(target_at(8080, spawned_.pid)); },
                     ExitCode::kUsage),
            "server at http://127.0.0.1:8080: cannot watch its process, pid " +
                std::to_string(spawned_.pid) +
                ": No such process; give the pid of the server that runs now, or none");
}

}  // namespace
}  // namespace leakbench
