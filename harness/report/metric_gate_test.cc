#include "harness/report/metric_gate.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace leakbench {
namespace {

TEST(MetricGate, IsAboutAMetricOfOneArmOrAll) {
  const MetricGate all = parse_metric_gate("live_tasks_settled>0");
  EXPECT_EQ(all.arm, "");
  EXPECT_EQ(all.metric, Metric::kLiveTasksSettled);
  EXPECT_EQ(all.relation, ">");
  EXPECT_EQ(all.bound, 0);
  const MetricGate one = parse_metric_gate(" with-context@head:memory_peak_bytes >= 50MiB ");
  EXPECT_EQ(one.arm, "with-context@head");
  EXPECT_EQ(one.metric, Metric::kMemoryPeakBytes);
  EXPECT_EQ(one.bound, 50 * 1048576.0);
}

TEST(MetricGate, TakesTheUnitOfItsMetric) {
  EXPECT_EQ(parse_metric_gate("response_time_p99_ns>1.5s").bound, 1.5e9);
  EXPECT_EQ(parse_metric_gate("memory_peak_bytes>4096").bound, 4096);
  EXPECT_EQ(parse_metric_gate("memory_peak_bytes>64kB").bound, 64e3);
  EXPECT_EQ(parse_metric_gate("memory_peak_bytes>1 KiB").bound, 1024);
  EXPECT_EQ(parse_metric_gate("memory_peak_bytes>7B").bound, 7);
  EXPECT_EQ(parse_metric_gate("cpu_percent>80%").bound, 80);
  EXPECT_EQ(parse_metric_gate("cpu_percent>80").bound, 80);
  EXPECT_EQ(parse_metric_gate("throughput_rps<1e3").bound, 1000);
  EXPECT_EQ(parse_metric_gate("leaked_tasks_per_request>0.001").bound, 0.001);
}

std::string refusal(const char* text) {
  try {
    (void)parse_metric_gate(text);
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    return error.what();
  }
}

TEST(MetricGate, SuggestsAMetricThatIsNear) {
  EXPECT_EQ(refusal("live_task_settled>0"),
            "--fail-if \"live_task_settled>0\": there is no metric \"live_task_settled\"; did you "
            "mean \"live_tasks_settled\"?");
}

TEST(MetricGate, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "live_tasks_settled", "live_tasks_settled=0", "live_tasks_settled>", ">0",
        "live_tasks_settled>-1", "live_tasks_settled>x", "live_tasks_settled>nan",
        "live_tasks_settled>1MiB", "memory_peak_bytes>1XiB", "memory_peak_bytes>MiB",
        "response_time_p99_ns>50", "cpu_percent>1ms", ":cpu_percent>1", "p99>1ms"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
    EXPECT_EQ(refusal(text).find('\n'), std::string::npos);
  }
}

TEST(MetricGate, OfWhatWasNotMeasuredIsNeitherKeptNorFailed) {
  const MetricGate gate = parse_metric_gate("memory_peak_bytes>50MiB");
  EXPECT_EQ(outcome_of(gate, std::nullopt), GateOutcome::kInconclusive);
  EXPECT_EQ(outcome_of(gate, 50 * 1048576.0), GateOutcome::kKept);
  EXPECT_EQ(outcome_of(gate, 51 * 1048576.0), GateOutcome::kFailed);
  EXPECT_EQ(gate_text(gate, "with-context", 62.25 * 1048576),
            "with-context: memory_peak_bytes is 62.3 MiB (memory_peak_bytes>50MiB)");
  EXPECT_EQ(gate_text(gate, "with-context", std::nullopt),
            "with-context: memory_peak_bytes was not measured (memory_peak_bytes>50MiB)");
}

}  // namespace
}  // namespace leakbench
