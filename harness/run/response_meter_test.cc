#include "harness/run/response_meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kBegan{1h};

RequestRecord answer_after(Duration time) {
  return {.number = 0,
          .connection = 0,
          .outcome = Outcome::kOk,
          .error = 0,
          .due = kBegan,
          .sent = kBegan,
          .first_byte = kBegan,
          .ended = kBegan + time};
}

TEST(ResponseMeter, ShowsCpuTimeOnlyWhileNoLoadIsMeasured) {
  ResponseMeter meter;
  const GeneratorReading before = meter.read();
  EXPECT_GT(before.cpu_ns.value_or(0), 0);
  EXPECT_EQ(before.responses_ok, std::nullopt);
  EXPECT_EQ(before.response_time_max_ns, std::nullopt);
}

TEST(ResponseMeter, ShowsEachAnswerOnce) {
  ResponseMeter meter;
  meter.on_release(kBegan);
  EXPECT_EQ(meter.read().responses_ok, 0);
  for (int i = 1; i <= 20; ++i) meter.on_request(answer_after(i * 1ns));
  const GeneratorReading first = meter.read();
  EXPECT_EQ(first.responses_ok, 20);
  EXPECT_EQ(first.response_time_p50_ns, 10);
  EXPECT_EQ(first.response_time_max_ns, 20);
  meter.on_request(answer_after(70ns));
  const GeneratorReading second = meter.read();
  EXPECT_EQ(second.responses_ok, 1);
  EXPECT_EQ(second.response_time_max_ns, 70);
}

TEST(ResponseMeter, LeavesOutPercentilesThatTooFewAnswersSupport) {
  ResponseMeter meter;
  meter.on_release(kBegan);
  for (int i = 0; i < 19; ++i) meter.on_request(answer_after(100ns));
  EXPECT_EQ(meter.read().response_time_p50_ns, std::nullopt);
  for (int i = 0; i < 1'000; ++i) meter.on_request(answer_after(i * 1us));
  const GeneratorReading enough = meter.read();
  EXPECT_NEAR(static_cast<double>(enough.response_time_p99_ns.value_or(0)), 990e3, 8e3);
}

TEST(ResponseMeter, LeavesOutWhatFailed) {
  ResponseMeter meter;
  meter.on_release(kBegan);
  RequestRecord reset = answer_after(5ns);
  reset.outcome = Outcome::kReset;
  meter.on_request(reset);
  const GeneratorReading reading = meter.read();
  EXPECT_EQ(reading.responses_ok, 0);
  EXPECT_EQ(reading.response_time_max_ns, std::nullopt);
}

TEST(ResponseMeter, ShowsTheLastAnswersWhenTheLoadIsOver) {
  ResponseMeter meter;
  meter.on_release(kBegan);
  meter.on_request(answer_after(5ns));
  meter.end_load();
  EXPECT_EQ(meter.read().responses_ok, 1);
  EXPECT_EQ(meter.read().responses_ok, std::nullopt);
  meter.on_release(kBegan);
  EXPECT_EQ(meter.read().responses_ok, 0);
}

TEST(ResponseMeter, LosesNothingThatComesWhileItIsRead) {
  ResponseMeter meter;
  meter.on_release(kBegan);
  constexpr std::int64_t kAnswers = 50'000;
  std::jthread load([&meter] {
    for (std::int64_t i = 0; i < kAnswers; ++i) meter.on_request(answer_after(i * 1ns));
    meter.end_load();
  });
  std::int64_t shown = 0;
  while (const auto responses = meter.read().responses_ok) shown += *responses;
  EXPECT_EQ(shown, kAnswers);
}

}  // namespace
}  // namespace leakbench
