#include "harness/run/load_run.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "runtime/net/listener.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

LoadResult result_of(std::uint64_t answers) {
  LoadResult result;
  result.connect.asked = 2;
  result.connect.established = 2;
  result.served = 2;
  result.sent = answers;
  result.outcomes.add(Outcome::kOk, answers);
  result.ok_in_time = answers;
  result.response_time.record(Outcome::kOk, 1ms, answers);
  result.answers_per_connection.record(static_cast<std::int64_t>(answers) / 2, 2);
  result.released = result.first_sent = TimePoint(1s);
  result.last_response = result.ended = TimePoint(5s);
  return result;
}

TEST(AddResult, MeasuresFromTheFirstRequestToTheLastAnswer) {
  LoadReport report;
  add_result(result_of(1'000), LoadPlan(), report);
  EXPECT_EQ(report.duration_ns, 4'000'000'000);
  EXPECT_EQ(report.throughput_rps, 250);
  EXPECT_EQ(report.connections.served, 2);
  EXPECT_EQ(report.requests.ok, 1'000);
  EXPECT_EQ(report.answers_per_connection.least, 500);
}

TEST(AddResult, MeasuresAnAskedDurationWithoutTheWaitForTheLastAnswers) {
  LoadPlan plan;
  plan.duration = 2s;
  LoadResult result = result_of(1'000);
  result.ok_in_time = 900;
  LoadReport report;
  add_result(result, plan, report);
  EXPECT_EQ(report.duration_ns, 2'000'000'000);
  EXPECT_EQ(report.throughput_rps, 450);
}

TEST(AddResult, ADurationThatWasCutShortIsAsLongAsItWas) {
  LoadPlan plan;
  plan.duration = 1h;
  LoadReport report;
  add_result(result_of(1'000), plan, report);
  EXPECT_EQ(report.duration_ns, 4'000'000'000);
}

TEST(AddResult, GivesPercentilesThatTheAnswersSupport) {
  LoadReport report;
  add_result(result_of(1'000), LoadPlan(), report);
  EXPECT_TRUE(report.response_time.p99);
  EXPECT_EQ(report.response_time.p999, std::nullopt);
  EXPECT_EQ(report.response_time.max, 1'000'000);
  EXPECT_EQ(report.service_time.mean, std::nullopt);
}

TEST(AddResult, OfNothingIsNothing) {
  LoadReport report;
  add_result(LoadResult(), LoadPlan(), report);
  EXPECT_EQ(report.duration_ns, 0);
  EXPECT_EQ(report.throughput_rps, std::nullopt);
  EXPECT_EQ(report.response_time.max, std::nullopt);
}

TEST(RunLoad, ATargetThatIsNotThereIsAnErrorThatAsksForIt) {
  LoadRun run;
  {
    const Listener gone(0);
    run.plan.port = gone.port();
  }
  run.plan.connections = 3;
  try {
    run_load(run, background());
    FAIL() << "nobody listens";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kIncomplete);
    EXPECT_NE(std::string(error.what()).find("refused 3"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace leakbench
