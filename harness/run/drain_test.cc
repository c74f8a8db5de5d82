#include "harness/run/drain.h"

#include <gtest/gtest.h>

#include <utility>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// A server whose live tasks are a function of the time since the last response.
class DrainTest : public testing::Test {
 protected:
  DrainResult drain(std::function<std::optional<std::int64_t>(Duration)> live,
                    std::int64_t in_flight = 0, Duration after = {}) {
    const TimePoint start = clock_.now() - after;
    return wait_for_drain({.baseline = 0, .linger_after = 1s, .limit = 7s}, start,
                          {.read =
                               [=, this] {
                                 ++readings_;
                                 clock_.advance(reading_takes_);
                                 MetricsReading reading;
                                 reading.live_tasks = live(clock_.now() - start);
                                 reading.requests_in_flight = in_flight;
                                 return reading;
                               },
                           .now = [this] { return clock_.now(); },
                           .sleep =
                               [this](Duration duration) {
                                 clock_.advance(duration + std::exchange(stall_, Duration{}));
                                 return !stop_;
                               }},
                          first_);
  }

  ManualClock clock_;
  int readings_ = 0;
  Duration reading_takes_{};
  std::optional<DrainLook> first_;
  Duration stall_{};  // by which the first pause is longer than was asked
  bool stop_ = false;
};

TEST_F(DrainTest, AServerThatIsCleanAtOnceIsKnownAfterThreeReadings) {
  const DrainResult result = drain([](Duration) { return 0; });
  EXPECT_EQ(result.drained, true);
  EXPECT_EQ(result.drain_time, 0ns);
  EXPECT_EQ(result.live_at_linger_check, 0);
  EXPECT_EQ(readings_, 3);
}

TEST_F(DrainTest, AServerThatTakesLongToCountIsAskedLessOften) {
  drain([](Duration) { return 1; });
  const int at_once = readings_;
  readings_ = 0;
  reading_takes_ = 100ms;
  drain([](Duration) { return 1; });
  EXPECT_LE(readings_, 7s / 500ms + 2);  // each with four times as long a pause behind it
  EXPECT_GT(at_once, 100);
}

TEST_F(DrainTest, TasksThatOutliveTheirRequestsAreSeenAtTheCheckAndTimed) {
  const DrainResult result = drain([](Duration t) { return t < 5s ? 20'000 : 0; });
  EXPECT_EQ(result.drained, true);
  EXPECT_EQ(result.live_at_linger_check, 20'000);
  EXPECT_GE(*result.drain_time, 5s);
  EXPECT_LE(*result.drain_time, 5s + 50ms);
}

TEST_F(DrainTest, TheCheckIsMadeAtItsMoment) {
  const DrainResult result = drain([](Duration t) { return t <= 1s ? 7 : 3; });
  EXPECT_EQ(result.live_at_linger_check, 7);
}

TEST_F(DrainTest, ALookThatComesLongAfterItsMomentCannotTellThatNothingWasThere) {
  stall_ = 2s;
  const DrainResult result = drain([](Duration t) { return t < 1700ms ? 600 : 0; });
  EXPECT_EQ(result.drained, true);
  EXPECT_EQ(result.live_at_linger_check, std::nullopt);
}

TEST_F(DrainTest, ALateLookTellsOfWhatIsStillThere) {
  stall_ = 2s;
  EXPECT_EQ(drain([](Duration) { return 5; }).live_at_linger_check, 5);
}

TEST_F(DrainTest, WhatWasGoneBeforeTheCheckIsNoQuestionOfALateLook) {
  stall_ = 2s;
  EXPECT_EQ(drain([](Duration) { return 0; }).live_at_linger_check, 0);
}

TEST_F(DrainTest, ALookFromBeforeIsTheFirstOfTheThree) {
  first_ = DrainLook{{.live_tasks = 0}, clock_.now() + 2ms};
  clock_.advance(3s);
  const DrainResult result = drain([](Duration) { return 0; }, 0, 3s);
  EXPECT_EQ(result.drained, true);
  EXPECT_EQ(result.drain_time, 2ms);
  EXPECT_EQ(result.live_at_linger_check, 0);
  EXPECT_EQ(readings_, 2);
}

TEST_F(DrainTest, ALookFromBeforeThatSawTasksOrRequestsTellsNothingOfALateOne) {
  for (const MetricsReading& reading :
       {MetricsReading{.live_tasks = 3}, MetricsReading{.live_tasks = 0, .requests_in_flight = 1},
        MetricsReading{}}) {
    first_ = DrainLook{reading, clock_.now()};
    clock_.advance(3s);
    EXPECT_EQ(drain([](Duration) { return 0; }, 0, 3s).live_at_linger_check, std::nullopt);
  }
}

TEST_F(DrainTest, TasksThatNeverEndExhaustTheLimitAndNoMore) {
  const TimePoint start = clock_.now();
  const DrainResult result = drain([](Duration) { return 5; });
  EXPECT_EQ(result.drained, false);
  EXPECT_EQ(result.drain_time, std::nullopt);
  EXPECT_EQ(clock_.now() - start, 7s);
}

TEST_F(DrainTest, TasksThatAreStillEndingAtTheLimitAreWaitedFor) {
  const DrainResult result = drain([](Duration t) { return t < 7800ms ? (7800ms - t) / 1ms : 0; });
  EXPECT_EQ(result.drained, true);
  EXPECT_GE(*result.drain_time, 7800ms);
  EXPECT_LE(*result.drain_time, 7850ms);
}

TEST_F(DrainTest, TasksThatStopEndingAreNotWaitedForAnyLonger) {
  const TimePoint start = clock_.now();
  const DrainResult result =
      drain([](Duration t) { return t < 7500ms ? 10 + (7500ms - t) / 1ms : 10; });
  EXPECT_EQ(result.drained, false);
  EXPECT_GE(clock_.now() - start, 8s);
  EXPECT_LE(clock_.now() - start, 8050ms);
}

TEST_F(DrainTest, WhatHasEndedLongBeforeTheLimitMovesItNot) {
  const TimePoint start = clock_.now();
  EXPECT_EQ(drain([](Duration t) { return t < 6s ? 100 : 40; }).drained, false);
  EXPECT_EQ(clock_.now() - start, 7s);
}

TEST_F(DrainTest, TasksThatEndForEverAreWaitedForHalfAsLongAgain) {
  const TimePoint start = clock_.now();
  EXPECT_EQ(drain([](Duration t) { return 1'000'000 - t / 1ms; }).drained, false);
  EXPECT_EQ(clock_.now() - start, 10500ms);
}

TEST_F(DrainTest, ACountThatComesBackIsNotDrained) {
  const DrainResult result = drain([](Duration t) { return t > 10ms && t < 12ms ? 0 : 4; });
  EXPECT_EQ(result.drained, false);
}

TEST_F(DrainTest, RequestsInFlightAreWaitedFor) {
  EXPECT_EQ(drain([](Duration) { return 0; }, 1).drained, false);
}

TEST_F(DrainTest, WhatCannotBeReadIsNotCalledDrained) {
  const DrainResult result = drain([](Duration) { return std::nullopt; });
  EXPECT_EQ(result.drained, std::nullopt);
  EXPECT_EQ(result.live_at_linger_check, std::nullopt);
}

TEST_F(DrainTest, StopsWhenToldTo) {
  stop_ = true;
  const TimePoint start = clock_.now();
  (void)drain([](Duration) { return 5; });
  EXPECT_LE(clock_.now() - start, 50ms);
}

}  // namespace
}  // namespace leakbench
