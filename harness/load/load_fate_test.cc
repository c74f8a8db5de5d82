// What clients do by plan instead of waiting for their answer.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadFateTest : public LoadTest {
 protected:
  static LoadPlan plan_with(const std::string& fate, std::uint16_t port, std::size_t requests) {
    LoadPlan plan = plan_for(port, 2, requests);
    plan.fates = FatePlan::parse({fate});
    plan.reconnect = true;
    plan.model = ClosedModel::kClosed;
    return plan;
  }

  static Reply reply_with_body(std::size_t bytes) {
    return {{"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
             std::string(bytes, 'x')}};
  }
};

TEST_P(LoadFateTest, AClientThatGivesUpInOrderClosesAfterItsTime) {
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  const LoadResult result = load(plan_with("100%@20ms:fin", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), 6u);
  EXPECT_GE(*result.service_time.of(Outcome::kAborted).min(), (20ms).count() * 999 / 1000);
  EXPECT_EQ(result.reconnects, 4u);
  EXPECT_TRUE(eventually([&] { return responder.open() == 0; }));
  EXPECT_EQ(responder.requests(), 6u);
  EXPECT_EQ(responder.resets(), 0u);
}

TEST_P(LoadFateTest, OneThatGivesUpRudelyResets) {
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  const LoadResult result = load(plan_with("100%@5ms:rst", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), 6u);
  EXPECT_TRUE(eventually([&] { return responder.resets() == 6; }));
}

TEST_P(LoadFateTest, WhoIsAnsweredInTimeDoesNotGiveUp) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const LoadResult result = load(plan_with("100%@30s:rst", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 6u);
  EXPECT_EQ(responder.accepted(), 2u);
}

TEST_P(LoadFateTest, AnAbortLaterThanTheTimeLimitIsATimeout) {
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  LoadPlan plan = plan_with("100%@30s", responder.port(), 2);
  plan.request_timeout = 10ms;
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kTimeout), 2u);
}

TEST_P(LoadFateTest, HalfARequestIsNeverARequest) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const LoadResult result = load(plan_with("100%@half-sent:fin", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), 6u);
  EXPECT_TRUE(eventually([&] { return responder.accepted() == 6 && responder.open() == 0; }));
  EXPECT_EQ(responder.requests(), 0u);
}

TEST_P(LoadFateTest, HalfAnAnswerIsLeft) {
  const TestResponder responder([](std::size_t, std::size_t) { return reply_with_body(50'000); });
  const LoadResult result = load(plan_with("100%@half-received", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), 6u);
  EXPECT_EQ(result.first_byte_time.of(Outcome::kAborted).count(), 6u);
  EXPECT_TRUE(eventually([&] { return responder.open() == 0; }));
}

TEST_P(LoadFateTest, AnAnswerWithoutABodyHasNoHalfAndIsWhole) {
  const TestResponder responder([](std::size_t, std::size_t) { return status_reply(204); });
  const LoadResult result = load(plan_with("100%@half-received", responder.port(), 6));
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 6u);
  EXPECT_EQ(responder.accepted(), 2u);
}

TEST_P(LoadFateTest, AnAnswerThatIsReadSlowlyTakesItsTime) {
  const TestResponder responder([](std::size_t, std::size_t) { return reply_with_body(200); });
  const LoadResult result = load(plan_with("100%@slow:1000B/s", responder.port(), 2));
  EXPECT_EQ(result.outcomes.of(Outcome::kReadSlowly), 2u);
  // 240 bytes in all, 100 at a time.
  EXPECT_GE(*result.service_time.of(Outcome::kReadSlowly).min(), (299ms).count());
  EXPECT_GE(*result.first_byte_time.of(Outcome::kReadSlowly).min(), (99ms).count());
  EXPECT_EQ(result.answers_per_connection.min(), 1);
}

TEST_P(LoadFateTest, WhoReadsTooSlowlyIsCutByTheTimeLimitAsPlanned) {
  const TestResponder responder([](std::size_t, std::size_t) { return reply_with_body(100'000); });
  LoadPlan plan = plan_with("100%@slow:10B/s", responder.port(), 2);
  plan.request_timeout = 150ms;
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kAborted), 2u);
}

TEST_P(LoadFateTest, AnAnswerThatIsNeverReadIsLeftAtTheTimeLimit) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_with("100%@never-read", responder.port(), 4);
  plan.request_timeout = 20ms;
  const LoadResult result = load(plan);
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), 4u);
  EXPECT_EQ(result.first_byte_time.of(Outcome::kAborted).count(), 0u);
}

TEST_P(LoadFateTest, TheSeedSaysWhoLeaves) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_with("30%@half-sent", responder.port(), 200);
  plan.seed = 7;
  std::uint64_t leaving = 0;
  for (std::uint64_t request = 0; request < 200; ++request) {
    if (plan.fates.of(plan.seed, request).kind == FateKind::kHalfSent) ++leaving;
  }
  ASSERT_GT(leaving, 0u);
  const LoadResult result = load(plan);
  EXPECT_EQ(result.outcomes.of(Outcome::kAborted), leaving);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 200 - leaving);
}

TEST_P(LoadFateTest, AfterASlowAnswerTheConnectionReadsAsEver) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_with("40%@slow:1000000B/s", responder.port(), 20);
  const LoadResult result = load(plan);
  EXPECT_GT(result.outcomes.of(Outcome::kReadSlowly), 0u);
  EXPECT_EQ(result.outcomes.of(Outcome::kReadSlowly) + result.outcomes.of(Outcome::kOk), 20u);
  EXPECT_EQ(responder.accepted(), 2u);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadFateTest);

}  // namespace
}  // namespace leakbench
