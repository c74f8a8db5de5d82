// Every outcome, and every shape of answer, on real sockets.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadOutcomeTest : public LoadTest {};

TEST_P(LoadOutcomeTest, AWholeAnswerIsOkOrTheClassOfItsStatus) {
  EXPECT_EQ(outcome_of(ok_reply()), Outcome::kOk);
  EXPECT_EQ(outcome_of(status_reply(204)), Outcome::kOk);
  EXPECT_EQ(outcome_of(status_reply(302)), Outcome::kHttp3xx);
  EXPECT_EQ(outcome_of(status_reply(404)), Outcome::kHttp4xx);
  EXPECT_EQ(outcome_of(status_reply(503)), Outcome::kHttp5xx);
}

TEST_P(LoadOutcomeTest, AnAnswerMayComeByteByByte) {
  const Reply whole = ok_reply();
  Reply bytes;
  for (const char c : whole.pieces[0]) bytes.pieces.emplace_back(1, c);
  EXPECT_EQ(outcome_of(bytes), Outcome::kOk);
}

TEST_P(LoadOutcomeTest, AnAnswerMayComeInChunks) {
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhel",
                              "lo\r", "\n0", "\r\n\r\n"}}),
            Outcome::kOk);
}

TEST_P(LoadOutcomeTest, AnAnswerMayFollowInterimOnes) {
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 103 Early Hints\r\n\r\n", ok_reply().pieces[0]}}),
            Outcome::kOk);
}

TEST_P(LoadOutcomeTest, AnAnswerMayEndWithTheConnection) {
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 200 OK\r\n\r\nsome", " more"}, Reply::Then::kClose}),
            Outcome::kOk);
}

TEST_P(LoadOutcomeTest, AnAnswerMayBeLargerThanAnyBuffer) {
  const std::string body(5'000'000, 'x');
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", body}}),
            Outcome::kOk);
}

TEST_P(LoadOutcomeTest, AHeadRequestGetsNoBody) {
  const TestResponder responder([](std::size_t, std::size_t) {
    return Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"}};
  });
  LoadPlan plan = plan_for(responder.port(), 2, 6);
  plan.mix[0].method = "HEAD";
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kOk), 6u);
}

TEST_P(LoadOutcomeTest, AStatusThatThePlanAcceptsIsOk) {
  const TestResponder responder([](std::size_t, std::size_t request) {
    return status_reply(std::array{200, 504, 503, 404}[request]);
  });
  LoadPlan plan = plan_for(responder.port(), 2, 8);
  plan.accepted_statuses = {404, 504};
  const LoadResult result = load(plan);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 6u);
  EXPECT_EQ(result.accepted, 4u);
  EXPECT_EQ(result.outcomes.of(Outcome::kHttp5xx), 2u);
}

TEST_P(LoadOutcomeTest, ARequestLargerThanTheKernelsBuffersIsSentWhole) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_for(responder.port(), 1, 1);
  plan.mix[0].method = "POST";
  plan.mix[0].headers = {{"X-Kind", "large"}};
  plan.mix[0].body = std::string(16'000'000, 'b');
  EXPECT_EQ(outcome_of(plan), Outcome::kOk);
  EXPECT_EQ(responder.last_request(), render_request(plan, plan.mix[0]));
}

TEST_P(LoadOutcomeTest, NobodyListeningIsRefused) {
  std::uint16_t port = 0;
  {
    const Listener gone(0);
    port = gone.port();
  }
  const LoadResult result = load(plan_for(port, 3, 9));
  EXPECT_EQ(result.connect.outcomes.of(Outcome::kRefused), 3u);
  EXPECT_EQ(result.connect.established, 0u);
  EXPECT_EQ(result.served, 0u);
  // Each connection's first request was due and failed; the two behind it were never tried.
  EXPECT_EQ(result.sent, 3u);
  EXPECT_EQ(result.outcomes.of(Outcome::kRefused), 3u);
  EXPECT_EQ(result.first_sent, std::nullopt);
}

TEST_P(LoadOutcomeTest, AHandshakeThatDoesNotEndIsAConnectTimeout) {
  const Listener full(0, 1);  // nobody accepts, and the kernel queues two
  LoadPlan plan = plan_for(full.port(), 6, 6);
  plan.connect_timeout = 50ms;
  plan.request_timeout = 50ms;
  const LoadResult result = load(plan);
  EXPECT_GT(result.connect.outcomes.of(Outcome::kConnectTimeout), 0u);
  EXPECT_EQ(result.connect.established + result.connect.outcomes.of(Outcome::kConnectTimeout), 6u);
  EXPECT_EQ(result.outcomes.of(Outcome::kConnectTimeout),
            result.connect.outcomes.of(Outcome::kConnectTimeout));
  EXPECT_EQ(result.sent, 6u);
}

TEST_P(LoadOutcomeTest, AConnectionBrokenOffIsReset) {
  EXPECT_EQ(outcome_of(Reply{{}, Reply::Then::kReset}), Outcome::kReset);
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 200 OK\r\nContent-"}, Reply::Then::kReset}),
            Outcome::kReset);
}

TEST_P(LoadOutcomeTest, AConnectionEndedBeforeTheAnswerIsWholeIsEndOfFile) {
  EXPECT_EQ(outcome_of(Reply{{}, Reply::Then::kClose}), Outcome::kEndOfFile);
  EXPECT_EQ(outcome_of(
                Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "ab"}, Reply::Then::kClose}),
            Outcome::kEndOfFile);
}

TEST_P(LoadOutcomeTest, WhatIsNotOneAnswerIsAParseError) {
  EXPECT_EQ(outcome_of(Reply{{"nonsense\r\n\r\n"}}), Outcome::kParseError);
  EXPECT_EQ(outcome_of(Reply{{ok_reply().pieces[0] + "surplus"}}), Outcome::kParseError);
  EXPECT_EQ(outcome_of(Reply{{"HTTP/1.1 200 OK\r\nBig: ", std::string(70'000, 'x')}}),
            Outcome::kParseError);
}

TEST_P(LoadOutcomeTest, AnAnswerThatDoesNotComeInTimeIsATimeout) {
  for (const Reply& reply :
       {Reply{}, Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "ab"}}}) {
    const TestResponder responder([&reply](std::size_t, std::size_t) { return reply; });
    LoadPlan plan = plan_for(responder.port(), 1, 1);
    plan.request_timeout = 30ms;
    EXPECT_EQ(outcome_of(plan), Outcome::kTimeout);
  }
}

TEST_P(LoadOutcomeTest, AnAnswerWithoutEndTimesOutAndDoesNotHoldUpTheOthers) {
  const TestResponder responder([](std::size_t connection, std::size_t) {
    if (connection != 0) return ok_reply();
    return Reply{{"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x')},
                 Reply::Then::kRepeatForEver};
  });
  LoadPlan plan = plan_for(responder.port(), 20, 200);
  plan.request_timeout = 2s;
  const LoadResult result = load(plan);
  EXPECT_EQ(result.outcomes.of(Outcome::kTimeout), 1u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 190u);
  EXPECT_EQ(result.served, 19u);
}

TEST_P(LoadOutcomeTest, ARequestThatIsNotTakenTimesOut) {
  const Listener nobody(0);  // the kernel accepts, nobody reads
  LoadPlan plan = plan_for(nobody.port(), 1, 1);
  plan.mix[0].body = std::string(64'000'000, 'b');
  plan.request_timeout = 50ms;
  EXPECT_EQ(outcome_of(plan), Outcome::kTimeout);
}

TEST_P(LoadOutcomeTest, AConnectionThatMayNotGoOnEndsItsShare) {
  const TestResponder responder([](std::size_t, std::size_t request) {
    if (request == 0) return ok_reply();
    return Reply{{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"}};
  });
  const LoadResult result = load(plan_for(responder.port(), 2, 20));
  EXPECT_EQ(result.sent, 4u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 4u);
  EXPECT_EQ(responder.requests(), 4u);
}

TEST_P(LoadOutcomeTest, AConnectionThatBreaksEndsItsShare) {
  const TestResponder responder([](std::size_t connection, std::size_t request) {
    if (connection == 0 && request == 1) return Reply{{}, Reply::Then::kClose};
    return ok_reply();
  });
  const LoadResult result = load(plan_for(responder.port(), 3, 15));
  EXPECT_EQ(result.sent, 12u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 11u);
  EXPECT_EQ(result.outcomes.of(Outcome::kEndOfFile), 1u);
  EXPECT_EQ(result.served, 3u);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadOutcomeTest);

}  // namespace
}  // namespace leakbench
