#include "harness/report/load_gate.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace leakbench {
namespace {

LoadReport report_with() {
  LoadReport report;
  report.response_time.p99 = 50'000'000;
  report.requests = {.sent = 110, .ok = 100, .timeout = 7, .cut_by_end = 3};
  report.throughput_rps = 1'000;
  return report;
}

bool fails(const char* gate) { return failure_of(parse_gate(gate), report_with()).has_value(); }

TEST(LoadGate, ComparesTimesByTheirUnit) {
  EXPECT_TRUE(fails("p99>49ms"));
  EXPECT_FALSE(fails("p99>50ms"));
  EXPECT_TRUE(fails("p99>=0.05s"));
  EXPECT_TRUE(fails("p99 < 1m"));
  EXPECT_TRUE(fails("p99<=50ms"));
  EXPECT_FALSE(fails("p99<50ms"));
}

TEST(LoadGate, CountsErrorsWithoutWhatTheEndCut) {
  EXPECT_TRUE(fails("errors>6"));
  EXPECT_FALSE(fails("errors>7"));
}

TEST(LoadGate, ComparesTheThroughput) {
  EXPECT_TRUE(fails("rps<1000.5"));
  EXPECT_FALSE(fails("rps<1e3"));
}

TEST(LoadGate, SaysWhatWasMeasuredAndWhatWasAsked) {
  EXPECT_EQ(failure_of(parse_gate("p99>1ms"), report_with()), "p99 is 50 ms (p99>1ms)");
  EXPECT_EQ(failure_of(parse_gate("errors>0"), report_with()), "errors is 7 (errors>0)");
}

TEST(LoadGate, OfWhatWasNotMeasuredFails) {
  EXPECT_EQ(failure_of(parse_gate("p999>1ms"), report_with()),
            "p999 cannot be told from 100 answers (p999>1ms)");
}

TEST(LoadGate, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"", "p99", "p98>1ms", "p99>50", "p99>ms", "p99==1ms", "errors>x",
                           "errors>-1", "errors>", "rps>1ms", ">1ms", "errors>nan"}) {
    try {
      parse_gate(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
      EXPECT_NE(std::string(error.what()).find("give one such as"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace leakbench
