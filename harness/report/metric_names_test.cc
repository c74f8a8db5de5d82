#include "harness/report/metric_names.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace leakbench {
namespace {

TEST(MetricNames, AreThoseOfTheReportContract) {
  std::vector<std::string> names;
  for (const MetricInfo& info : all_metrics()) names.emplace_back(info.name);
  EXPECT_EQ(names, (std::vector<std::string>{"response_time_mean_ns",
                                             "response_time_p50_ns",
                                             "response_time_p90_ns",
                                             "response_time_p99_ns",
                                             "response_time_p999_ns",
                                             "response_time_max_ns",
                                             "throughput_rps",
                                             "memory_peak_bytes",
                                             "memory_settled_bytes",
                                             "heap_in_use_settled_bytes",
                                             "live_tasks_after",
                                             "live_tasks_settled",
                                             "leaked_tasks_per_request",
                                             "drain_time_ns",
                                             "cpu_percent",
                                             "cpu_ns_per_request",
                                             "pause_p99_ns",
                                             "pause_max_ns",
                                             "gc_pause_total_ns",
                                             "answered_in_time_percent"}));
}

TEST(MetricNames, AreFoundAndNothingElseIs) {
  for (const MetricInfo& info : all_metrics()) EXPECT_EQ(metric_by_name(info.name), info.metric);
  EXPECT_EQ(metric_by_name("response_time_mean"), std::nullopt);
  EXPECT_EQ(metric_by_name(""), std::nullopt);
}

TEST(MetricNames, EndInTheUnitThatTheirValuesHave) {
  for (const MetricInfo& info : all_metrics()) {
    const bool in_ns = info.name.ends_with("_ns") || info.name == "cpu_ns_per_request";
    EXPECT_EQ(info.unit == MetricUnit::kNanoseconds, in_ns) << info.name;
    EXPECT_EQ(info.unit == MetricUnit::kBytes, info.name.ends_with("_bytes")) << info.name;
    EXPECT_EQ(info.unit == MetricUnit::kPercent, info.name.ends_with("_percent")) << info.name;
    EXPECT_EQ(info.unit == MetricUnit::kPerSecond, info.name.ends_with("_rps")) << info.name;
    EXPECT_FALSE(info.label.empty()) << info.name;
  }
}

TEST(UnitName, IsTheWordOfTheSummary) {
  EXPECT_EQ(unit_name(MetricUnit::kNanoseconds), "ns");
  EXPECT_EQ(unit_name(MetricUnit::kBytes), "bytes");
  EXPECT_EQ(unit_name(MetricUnit::kTasks), "tasks");
  EXPECT_EQ(unit_name(MetricUnit::kTasksPerRequest), "tasks/request");
  EXPECT_EQ(unit_name(MetricUnit::kPercent), "percent");
  EXPECT_EQ(unit_name(MetricUnit::kPerSecond), "requests/s");
}

TEST(HumaniseMetric, FollowsTheUnit) {
  EXPECT_EQ(humanise_metric(Metric::kResponseTimeMeanNs, 1'934'000'000), "1.93 s");
  EXPECT_EQ(humanise_metric(Metric::kMemoryPeakBytes, 65'326'285), "62.3 MiB");
  EXPECT_EQ(humanise_metric(Metric::kLiveTasksAfter, 20000), "20,000");
  EXPECT_EQ(humanise_metric(Metric::kLeakedTasksPerRequest, 0.995), "0.995");
  EXPECT_EQ(humanise_metric(Metric::kCpuPercent, 45.25), "45.3 %");
  EXPECT_EQ(humanise_metric(Metric::kThroughputRps, 12345.6), "12,346/s");
}

TEST(HumaniseMetric, SaysSoWhenThereIsNoValue) {
  EXPECT_EQ(humanise_metric(Metric::kCpuPercent, std::nullopt), "n/a");
  EXPECT_EQ(humanise_metric(Metric::kCpuPercent, std::nan("")), "n/a");
  EXPECT_EQ(humanise_metric(Metric::kCpuPercent, std::numeric_limits<double>::infinity()), "n/a");
}

}  // namespace
}  // namespace leakbench
