// Loads that last for a time instead of a number of requests.
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadDurationTest : public LoadTest {};

TEST_P(LoadDurationTest, SendsUntilItsTimeIsOverAndWaitsForTheLastAnswers) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_for(responder.port(), 4, 0);
  plan.model = ClosedModel::kClosed;
  plan.duration = 150ms;
  const LoadResult result = load(plan);
  EXPECT_GE(result.sent, 4u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), result.sent);
  EXPECT_GE(*result.ended - *result.released, 150ms);
  EXPECT_GE(result.ok_in_time, result.sent - 4);
  EXPECT_LE(result.ok_in_time, result.sent);
  EXPECT_EQ(result.answers_per_connection.count(), 4u);
  EXPECT_GT(*result.answers_per_connection.min(), 0);
  EXPECT_EQ(responder.requests(), result.sent);
}

TEST_P(LoadDurationTest, OneRequestThatIsUnderWayAtTheEndCountsWithItsOwnOutcome) {
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  LoadPlan plan = plan_for(responder.port(), 3, 0);
  plan.duration = 10ms;
  plan.request_timeout = 60ms;
  const LoadResult result = load(plan);
  EXPECT_EQ(result.sent, 3u);
  EXPECT_EQ(result.outcomes.of(Outcome::kTimeout), 3u);
  EXPECT_EQ(result.ok_in_time, 0u);
}

TEST_P(LoadDurationTest, TheWarmUpIsSentAndNotCounted) {
  const TestResponder responder([](std::size_t, std::size_t request) {
    return request == 0 ? status_reply(500) : ok_reply();
  });
  LoadGenerator generator(plan_for(responder.port(), 5, 20), GetParam());
  generator.connect(background());
  generator.warm_up(background(), 20ms);
  const std::size_t warm_up = responder.requests();
  EXPECT_GE(warm_up, 5u);
  const LoadResult result = generator.run(background());
  EXPECT_EQ(result.sent, 20u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 20u);
  EXPECT_EQ(result.answers_per_connection.max(), 4);
  EXPECT_EQ(responder.requests(), warm_up + 20);
  EXPECT_EQ(responder.accepted(), 5u);
}

TEST_P(LoadDurationTest, CancellingEndsItBeforeItsTime) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_for(responder.port(), 4, 0);
  plan.duration = 1h;
  auto [ctx, cancel] = with_cancel(background());
  LoadGenerator generator(plan, GetParam());
  generator.connect(ctx);
  auto running = std::async(std::launch::async, [&, &ctx = ctx] { return generator.run(ctx); });
  EXPECT_TRUE(eventually([&] { return generator.progress().answered() > 20; }));
  cancel();
  const LoadResult result = running.get();
  EXPECT_EQ(result.outcomes.of(Outcome::kOk) + result.outcomes.of(Outcome::kCutByEnd), result.sent);
}

TEST_P(LoadDurationTest, InAClosedLoopARequestIsDueWhenItIsSent) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_for(responder.port(), 20, 60);
  plan.model = ClosedModel::kClosed;
  const LoadResult closed = load(plan);
  EXPECT_EQ(closed.response_time.of(Outcome::kOk).max(),
            closed.service_time.of(Outcome::kOk).max());
  EXPECT_EQ(closed.response_time.of(Outcome::kOk).mean(),
            closed.service_time.of(Outcome::kOk).mean());
}

LEAKBENCH_ON_EVERY_ENGINE(LoadDurationTest);

}  // namespace
}  // namespace leakbench
