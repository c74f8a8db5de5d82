// Loads whose requests are due by a schedule, whatever the target does.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "harness/load/test_collector.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadScheduleTest : public LoadTest {
 protected:
  static LoadPlan scheduled(std::uint16_t port, std::size_t connections, double rate,
                            Duration duration) {
    LoadPlan plan = plan_for(port, connections, 0);
    plan.duration = duration;
    plan.arrivals = ArrivalPlan{
        .model = ArrivalModel::kConstant, .rates = {rate}, .duration = duration, .seed = 3};
    plan.reconnect = true;
    return plan;
  }

  static LoadResult run(const LoadPlan& plan, RequestObserver* observer = nullptr) {
    LoadGenerator generator(plan, GetParam());
    generator.connect(background());
    return generator.run(background(), observer);
  }
};

TEST_P(LoadScheduleTest, EachRequestIsDueWhenTheScheduleSays) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = scheduled(responder.port(), 4, 1'000, 100ms);
  plan.arrivals->model = ArrivalModel::kPoisson;
  Collector collector;
  const LoadResult result = run(plan, &collector);
  Schedule schedule(*plan.arrivals);
  std::uint64_t number = 0;
  for (auto offset = schedule.next(); offset; offset = schedule.next()) {
    ASSERT_TRUE(collector.records().contains(number)) << number;
    const RequestRecord& record = collector.records().at(number++);
    EXPECT_EQ(record.due, *result.released + *offset);
    EXPECT_GE(*record.sent, record.due);
    EXPECT_GE(*record.first_byte, *record.sent);
    EXPECT_GE(record.ended, *record.first_byte);
    EXPECT_EQ(record.outcome, Outcome::kOk);
  }
  EXPECT_EQ(collector.records().size(), number);
  EXPECT_EQ(result.sent, number);
  EXPECT_EQ(result.unsent, 0u);
  EXPECT_EQ(result.schedule_lag.count(), number);
}

TEST_P(LoadScheduleTest, ANumberOfRequestsEndsItAsWell) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = scheduled(responder.port(), 2, 10'000, 1h);
  plan.duration.reset();
  plan.requests = 31;
  EXPECT_EQ(run(plan).outcomes.of(Outcome::kOk), 31u);
}

TEST_P(LoadScheduleTest, AStallCountsForEveryRequestThatWasDueInIt) {
  constexpr auto kStall = 200ms;
  std::atomic<bool> stalled = false;
  // The responder has one thread: while its script sleeps, nobody is answered.
  const TestResponder responder([&](std::size_t, std::size_t request) {
    if (request == 10 && !stalled.exchange(true)) std::this_thread::sleep_for(kStall);
    return ok_reply();
  });
  const LoadResult result = run(scheduled(responder.port(), 2, 500, 500ms));
  const Histogram& response = result.response_time.of(Outcome::kOk);
  EXPECT_EQ(response.count(), 250u);
  // Due evenly over the stall: about 100 requests waited, from 0 to 200 ms of it.
  EXPECT_GE(*response.max(), (190ms).count());
  EXPECT_GE(*response.percentile(80), (90ms).count());
  // Only those that were under way when it began took as long to be served.
  EXPECT_LE(*result.service_time.of(Outcome::kOk).percentile(80), *response.percentile(80));
  EXPECT_EQ(result.unsent, 0u);
}

TEST_P(LoadScheduleTest, WhatNoConnectionWasFreeForIsCounted) {
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  LoadPlan plan = scheduled(responder.port(), 2, 1'000, 100ms);
  plan.request_timeout = 40ms;
  const LoadResult result = run(plan);
  EXPECT_EQ(result.sent + result.unsent, 100u);
  EXPECT_GT(result.unsent, 0u);
  EXPECT_EQ(result.outcomes.of(Outcome::kTimeout), result.sent);
}

TEST_P(LoadScheduleTest, WithoutAConnectionThatMayServeItEnds) {
  const TestResponder responder([](std::size_t, std::size_t) {
    return Reply{{}, Reply::Then::kClose};
  });
  LoadPlan plan = scheduled(responder.port(), 2, 1'000, 1h);
  plan.reconnect = false;
  const LoadResult result = run(plan);
  EXPECT_EQ(result.sent, 2u);
  EXPECT_EQ(result.outcomes.of(Outcome::kEndOfFile), 2u);
}

TEST_P(LoadScheduleTest, TheConnectionsTakeTurns) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const LoadResult result = run(scheduled(responder.port(), 6, 600, 200ms));
  EXPECT_EQ(result.served, 6u);
  EXPECT_GE(*result.answers_per_connection.min(), 15);
}

TEST_P(LoadScheduleTest, TheWarmUpKeepsTheFirstRate) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = scheduled(responder.port(), 2, 0, 50ms);
  plan.arrivals->model = ArrivalModel::kStairs;
  plan.arrivals->rates = {1'000, 10};
  LoadGenerator generator(plan, GetParam());
  generator.connect(background());
  generator.warm_up(background(), 30ms);
  EXPECT_EQ(responder.requests(), 30u);
  EXPECT_EQ(generator.run(background()).sent, 26u);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadScheduleTest);

}  // namespace
}  // namespace leakbench
