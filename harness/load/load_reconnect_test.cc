// Connections that end, and are opened again.
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadReconnectTest : public LoadTest {
 protected:
  static LoadPlan reconnecting(std::uint16_t port, std::size_t connections, std::size_t requests) {
    LoadPlan plan = plan_for(port, connections, requests);
    plan.reconnect = true;
    plan.reconnect_pause = 1ms;
    return plan;
  }
};

TEST_P(LoadReconnectTest, AConnectionThatBreaksIsOpenedAgainForTheRestOfItsShare) {
  const TestResponder responder([](std::size_t connection, std::size_t request) {
    if (connection == 0 && request == 1) return Reply{{}, Reply::Then::kReset};
    return ok_reply();
  });
  const LoadResult result = load(reconnecting(responder.port(), 3, 15));
  EXPECT_EQ(result.sent, 15u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 14u);
  EXPECT_EQ(result.outcomes.of(Outcome::kReset), 1u);
  EXPECT_EQ(result.reconnects, 1u);
  EXPECT_EQ(result.served, 3u);
  EXPECT_EQ(result.answers_per_connection.min(), 4);
  EXPECT_EQ(responder.accepted(), 4u);
}

TEST_P(LoadReconnectTest, OneThatIsLeftInTheMiddleOfAnAnswerBeginsANewOne) {
  const TestResponder responder([](std::size_t connection, std::size_t) {
    if (connection > 0) return ok_reply();
    return Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234"}, Reply::Then::kClose};
  });
  const LoadResult result = load(reconnecting(responder.port(), 1, 3));
  EXPECT_EQ(result.outcomes.of(Outcome::kEndOfFile), 1u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 2u);
}

TEST_P(LoadReconnectTest, AServerThatEndsEachConnectionInOrderLosesNothing) {
  const TestResponder responder([](std::size_t, std::size_t) {
    return Reply{{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"},
                 Reply::Then::kClose};
  });
  const LoadResult result = load(reconnecting(responder.port(), 2, 20));
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 20u);
  EXPECT_EQ(result.reconnects, 18u);
  // Due when the answer before came, sent when the new connection was there.
  EXPECT_GT(*result.response_time.of(Outcome::kOk).mean(),
            *result.service_time.of(Outcome::kOk).mean());
}

TEST_P(LoadReconnectTest, WithoutKeepAliveEachRequestHasItsConnectionWhateverTheServerSays) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = reconnecting(responder.port(), 2, 20);
  plan.keep_alive = false;
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kOk), 20u);
  EXPECT_EQ(responder.accepted(), 20u);
}

TEST_P(LoadReconnectTest, ATargetThatIsGoneRefusesTheRest) {
  std::uint16_t port = 0;
  {
    const Listener gone(0);
    port = gone.port();
  }
  const LoadResult result = load(reconnecting(port, 2, 10));
  EXPECT_EQ(result.sent, 10u);
  EXPECT_EQ(result.outcomes.of(Outcome::kRefused), 10u);
  EXPECT_EQ(result.reconnects, 0u);
  EXPECT_EQ(result.served, 0u);
  EXPECT_EQ(result.first_sent, std::nullopt);
}

TEST_P(LoadReconnectTest, CancellingEndsTheWaitForTheNextAttempt) {
  std::uint16_t port = 0;
  {
    const Listener gone(0);
    port = gone.port();
  }
  LoadPlan plan = reconnecting(port, 2, 1'000);
  plan.reconnect_pause = 1h;
  auto [ctx, cancel] = with_cancel(background());
  LoadGenerator generator(plan, GetParam());
  generator.connect(ctx);
  auto running = std::async(std::launch::async, [&, &ctx = ctx] { return generator.run(ctx); });
  EXPECT_TRUE(eventually([&] { return generator.progress().sent() == 2; }));
  cancel();
  EXPECT_EQ(running.get().outcomes.of(Outcome::kRefused), 2u);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadReconnectTest);

}  // namespace
}  // namespace leakbench
