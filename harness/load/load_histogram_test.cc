// What the histograms of a load say, against what its requests say one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/load/test_collector.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

using Times = std::map<Outcome, std::vector<std::int64_t>>;

// Every tenth of a percent.
void expect_same_percentiles(const Histogram& histogram, const std::vector<std::int64_t>& sorted) {
  constexpr std::size_t kSteps = 1'000;
  for (std::size_t step = 0; step <= kSteps; ++step) {
    const std::size_t rank = std::max<std::size_t>(1, (step * sorted.size() + kSteps - 1) / kSteps);
    const auto exact = static_cast<double>(sorted[rank - 1]);
    const double percentile = static_cast<double>(step) * 100 / kSteps;
    const auto stated = static_cast<double>(histogram.percentile(percentile).value());
    ASSERT_GE(stated, exact) << percentile;
    ASSERT_LE(stated, exact * (1 + std::ldexp(1.0, -kTimePrecisionBits))) << percentile;
  }
}

void expect_same(const OutcomeTimes& histograms, Times& times) {
  for (const Outcome outcome : kAllOutcomes) {
    SCOPED_TRACE(to_string(outcome));
    const Histogram& histogram = histograms.of(outcome);
    std::vector<std::int64_t>& values = times[outcome];
    ASSERT_EQ(histogram.count(), values.size());
    if (values.empty()) continue;
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram.min(), values.front());
    EXPECT_EQ(histogram.max(), values.back());
    double sum = 0;
    for (const std::int64_t value : values) sum += static_cast<double>(value);
    EXPECT_EQ(histogram.mean(), sum / static_cast<double>(values.size()));
    expect_same_percentiles(histogram, values);
  }
}

void expect_same(const LoadResult& result, const std::map<std::uint64_t, RequestRecord>& records) {
  OutcomeCounts outcomes;
  OutcomeErrors errors;
  Times response_times, service_times, first_byte_times;
  for (const auto& [number, record] : records) {
    outcomes.add(record.outcome);
    if (record.error != 0) ++errors[{record.outcome, record.error}];
    response_times[record.outcome].push_back((record.ended - record.due).count());
    if (!record.sent) continue;
    service_times[record.outcome].push_back((record.ended - *record.sent).count());
    if (!record.first_byte) continue;
    first_byte_times[record.outcome].push_back((*record.first_byte - *record.sent).count());
  }
  EXPECT_EQ(result.sent, records.size());
  EXPECT_EQ(result.outcomes, outcomes);
  EXPECT_EQ(result.errors, errors);
  {
    SCOPED_TRACE("response time");
    expect_same(result.response_time, response_times);
  }
  {
    SCOPED_TRACE("service time");
    expect_same(result.service_time, service_times);
  }
  SCOPED_TRACE("time to the first byte");
  expect_same(result.first_byte_time, first_byte_times);
}

class LoadHistogramTest : public LoadTest {
 protected:
  // Answers of every kind, some in pieces, so that their times differ; now and then none.
  static Reply reply_to(std::size_t request) {
    const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    switch (request % 20) {
      case 3:
        return status_reply(404);
      case 7:
        return status_reply(503);
      case 11:
        return {{header, "a", "b", "c", "d"}};
      case 15:
        return {{header + "ab", "cd"}};
      case 17:
        return {{header + "ab"}, Reply::Then::kClose};
      case 19:
        return {{}, Reply::Then::kReset};
      default:
        return ok_reply();
    }
  }

  // By a request's place among all: its place on its connection starts over when that is opened
  // again.
  static TestResponder::Script script(std::atomic<std::size_t>& replies) {
    return [&replies](std::size_t, std::size_t) { return reply_to(replies++); };
  }

  static void expect_same_of(const LoadPlan& plan) {
    LoadGenerator generator(plan, GetParam());
    generator.connect(background());
    Collector collector;
    const LoadResult result = generator.run(background(), &collector);
    for (const Outcome outcome : {Outcome::kOk, Outcome::kHttp4xx, Outcome::kHttp5xx,
                                  Outcome::kEndOfFile, Outcome::kReset, Outcome::kAborted}) {
      EXPECT_GT(result.outcomes.of(outcome), 20u) << to_string(outcome);
    }
    expect_same(result, collector.records());
  }

  std::atomic<std::size_t> replies_{0};
};

TEST_P(LoadHistogramTest, AClosedLoadsHistogramsSayWhatItsRequestsSay) {
  const TestResponder responder(script(replies_));
  LoadPlan plan = plan_for(responder.port(), 20, 4'000);
  plan.model = ClosedModel::kClosed;
  plan.reconnect = true;
  plan.fates = FatePlan::parse({"5%@half-sent"});
  expect_same_of(plan);
}

TEST_P(LoadHistogramTest, AScheduledLoadsHistogramsSayWhatItsRequestsSay) {
  const TestResponder responder(script(replies_));
  LoadPlan plan = plan_for(responder.port(), 20, 0);
  plan.duration = 1s;
  plan.arrivals = ArrivalPlan{
      .model = ArrivalModel::kPoisson, .rates = {3'000}, .duration = *plan.duration, .seed = 5};
  plan.reconnect = true;
  plan.fates = FatePlan::parse({"5%@half-sent"});
  expect_same_of(plan);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadHistogramTest);

}  // namespace
}  // namespace leakbench
