#include "harness/report/summary.h"

#include <gtest/gtest.h>

#include "harness/report/sample_reports.h"

namespace leakbench {
namespace {

RepetitionReport repetition_with_cpu(const std::string& arm, std::optional<double> percent) {
  RepetitionReport report = sample::repetition(1, arm);
  report.metrics[Metric::kCpuPercent] = percent;
  return report;
}

Summary summarise_all(const std::vector<RepetitionReport>& repetitions) {
  return summarise(sample::run(), repetitions, sample::kHeadline, sample::published());
}

// The row of a metric; fails the test when the table has none.
TableRow row_of(const Summary& summary, Metric metric) {
  for (const TableRow& row : summary.table) {
    if (row.metric == metric) return row;
  }
  ADD_FAILURE() << "no row for " << metric_info(metric).name;
  return {};
}

TEST(Summarise, TakesTheRunsNamesAndStatus) {
  RunReport run = sample::run();
  run.status = RunStatus::kInterrupted;
  const Summary summary = summarise(run, {}, "a headline", {});
  EXPECT_EQ(summary.run_id, run.id);
  EXPECT_EQ(summary.status, RunStatus::kInterrupted);
  EXPECT_EQ(summary.scenario_name, "orphaned-task");
  EXPECT_EQ(summary.scenario_title, run.scenario.title);
  EXPECT_EQ(summary.headline, "a headline");
}

TEST(Summarise, OrdersArmsAsPlannedNotAsRun) {
  const Summary summary = sample::summary();
  ASSERT_EQ(summary.arms.size(), 2U);
  EXPECT_EQ(summary.arms[0].name, "without-context");
  EXPECT_EQ(summary.arms[1].name, "with-context");
}

TEST(Summarise, TakesTheMedianOverRepetitionsAndKeepsEachValue) {
  const Summary summary = summarise_all(
      {repetition_with_cpu("with-context", 30), repetition_with_cpu("with-context", 10),
       repetition_with_cpu("with-context", std::nullopt), repetition_with_cpu("with-context", 20)});
  const ArmSummary& arm = summary.arms[1];
  ASSERT_EQ(arm.repetitions.size(), 4U);
  EXPECT_EQ(arm.repetitions[0][Metric::kCpuPercent], 30);
  EXPECT_EQ(arm.repetitions[2][Metric::kCpuPercent], std::nullopt);
  EXPECT_EQ(arm.medians[Metric::kCpuPercent], 20);
}

TEST(Summarise, PassesOverRepetitionsThatAreNotComplete) {
  std::vector<RepetitionReport> repetitions = {
      repetition_with_cpu("with-context", 10), repetition_with_cpu("with-context", 1000),
      repetition_with_cpu("with-context", 30), sample::failed_repetition(4, "with-context")};
  repetitions[1].status = RepetitionStatus::kInterrupted;
  const Summary summary = summarise_all(repetitions);
  const ArmSummary& arm = summary.arms[1];
  EXPECT_EQ(arm.repetitions.size(), 2U);
  EXPECT_EQ(arm.medians[Metric::kCpuPercent], 20);
  EXPECT_EQ(arm.verdict.verdict.verdict_class, VerdictClass::kClean);
  EXPECT_FALSE(arm.leak_sites.empty()) << "the last complete repetition has some";
}

TEST(Summarise, AnArmWithoutACompleteRepetitionIsInconclusiveAndUnmeasured) {
  const Summary summary = summarise_all(
      {sample::repetition(1, "with-context"), sample::failed_repetition(2, "without-context")});
  const ArmSummary& arm = summary.arms[0];
  EXPECT_TRUE(arm.repetitions.empty());
  EXPECT_EQ(arm.medians, MetricSet());
  EXPECT_EQ(arm.verdict.verdict.verdict_class, VerdictClass::kInconclusive);
  EXPECT_EQ(arm.verdict.verdict.reason, "No repetition was completed.");
  EXPECT_FALSE(arm.verdict.as_expected());
  EXPECT_TRUE(arm.response_time_percentiles.empty());
  EXPECT_TRUE(arm.leak_sites.empty());
  EXPECT_FALSE(summary.as_expected);
  const TableRow row = row_of(summary, Metric::kCpuPercent);
  EXPECT_EQ(row.medians, (std::vector<std::optional<double>>{std::nullopt, 32}));
  EXPECT_EQ(row.changes[1], std::nullopt);
}

TEST(Summarise, JudgesEachArmOverAllItsRepetitions) {
  const Summary agreed = sample::summary();
  EXPECT_EQ(agreed.arms[0].verdict.verdict.verdict_class, VerdictClass::kLingering);
  EXPECT_EQ(agreed.arms[0].verdict.verdict.reason,
            "19,990 tasks were alive at the last response; all had ended 5.1 s later.");
  EXPECT_EQ(agreed.arms[1].verdict.verdict.verdict_class, VerdictClass::kClean);
  EXPECT_TRUE(agreed.as_expected);

  RepetitionReport odd = sample::repetition(3, "with-context");
  odd.evidence.rounds[0].live_tasks_at_linger_check = 5;
  const Summary disagreed = summarise_all(
      {sample::repetition(1, "with-context"), odd, sample::repetition(2, "without-context")});
  EXPECT_EQ(disagreed.arms[1].verdict.verdict.verdict_class, VerdictClass::kInconclusive);
  EXPECT_FALSE(disagreed.as_expected);
}

TEST(Summarise, UsesTheInstantsOfThePlanInReasons) {
  RunReport run = sample::run();
  run.plan.linger_after_ns = 250'000'000;
  const Summary summary = summarise(run, {sample::repetition(1, "with-context")}, "", {});
  EXPECT_EQ(
      summary.arms[1].verdict.verdict.reason,
      "12 tasks were alive at the last response and none 250 ms later; 1 leaked task in 20,000 "
      "requests would have shown.");
}

TEST(Summarise, FindsAVerdictOtherThanPlannedNotAsExpected) {
  RunReport run = sample::run();
  run.plan.variants[1].expected = VerdictClass::kLeaking;
  const Summary summary = summarise(
      run, {sample::repetition(1, "with-context"), sample::repetition(2, "without-context")}, "",
      {});
  EXPECT_TRUE(summary.arms[0].verdict.as_expected());
  EXPECT_FALSE(summary.arms[1].verdict.as_expected());
  EXPECT_FALSE(summary.as_expected);
}

TEST(Summarise, ARunOfNoArmIsNotAsExpected) {
  RunReport run = sample::run();
  run.plan.variants.clear();
  EXPECT_FALSE(summarise(run, {}, "", {}).as_expected);
}

TEST(Summarise, TakesLeakSitesOfTheLastCompleteRepetition) {
  RepetitionReport first = sample::repetition(1, "with-context");
  RepetitionReport last = sample::repetition(3, "with-context");
  first.leak_sites = {{"first", "a.cc", 1, "f", 5, {}}};
  last.leak_sites = {{"last", "b.cc", 2, "g", 6, {}}};
  const Summary summary =
      summarise_all({first, last, sample::failed_repetition(5, "with-context")});
  ASSERT_EQ(summary.arms[1].leak_sites.size(), 1U);
  EXPECT_EQ(summary.arms[1].leak_sites[0].name, "last");
}

TEST(Summarise, TakesTheMedianOfEachPercentileThatAllRepetitionsHave) {
  RepetitionReport a = sample::repetition(1, "with-context");
  RepetitionReport b = sample::repetition(2, "with-context");
  a.response_time.percentiles = {{50, 100}, {90, 400}, {99, 1000}, {99.9, 2000}};
  b.response_time.percentiles = {{50, 300}, {90, 600}, {99.9, 3000}};
  const auto points = summarise_all({a, b}).arms[1].response_time_percentiles;
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].percentile, 50);
  EXPECT_EQ(points[0].value_ns, 200);
  EXPECT_EQ(points[1].percentile, 90);
  EXPECT_EQ(points[1].value_ns, 500);
  EXPECT_EQ(points[2].percentile, 99.9);
  EXPECT_EQ(points[2].value_ns, 2500);
}

TEST(Summarise, FillsTheTableInItsOrder) {
  std::vector<Metric> metrics;
  for (const TableRow& row : sample::summary().table) metrics.push_back(row.metric.value());
  EXPECT_EQ(metrics, (std::vector<Metric>{Metric::kResponseTimeMeanNs, Metric::kResponseTimeP99Ns,
                                          Metric::kMemoryPeakBytes, Metric::kLiveTasksAfter,
                                          Metric::kCpuPercent, Metric::kCpuNsPerRequest,
                                          Metric::kPauseP99Ns}));
}

TEST(Summarise, ComputesTheChangeFromWithoutToWith) {
  const Summary summary = sample::summary();
  const TableRow cpu = row_of(summary, Metric::kCpuPercent);
  EXPECT_EQ(cpu.medians, (std::vector<std::optional<double>>{45.25, 32}));
  EXPECT_EQ(cpu.changes[0], std::nullopt);
  ASSERT_TRUE(cpu.changes[1].has_value());
  EXPECT_NEAR(*cpu.changes[1], (32 - 45.25) / 45.25 * 100, 1e-9);
  EXPECT_EQ(row_of(summary, Metric::kPauseP99Ns).changes[1], std::nullopt);
}

TEST(Summarise, HasNoChangeFromZero) {
  const Summary summary = summarise_all(
      {repetition_with_cpu("without-context", 0), repetition_with_cpu("with-context", 5)});
  EXPECT_EQ(row_of(summary, Metric::kCpuPercent).changes[1], std::nullopt);
}

TEST(Summarise, PutsPublishedFiguresBesideTheirMetric) {
  const Summary summary = sample::summary();
  ASSERT_TRUE(row_of(summary, Metric::kPauseP99Ns).published.has_value());
  EXPECT_EQ(row_of(summary, Metric::kPauseP99Ns).published->text, "GC pause 12 ms -> 6 ms (-50 %)");
  EXPECT_FALSE(row_of(summary, Metric::kResponseTimeP99Ns).published.has_value());
}

TEST(Summarise, OfASingleArmHasASingleColumn) {
  RunReport run = sample::run();
  run.plan.variants.erase(run.plan.variants.begin());
  const Summary summary =
      summarise(run, {sample::repetition(1, "with-context")}, "", sample::published());
  const TableRow row = row_of(summary, Metric::kLiveTasksAfter);
  EXPECT_EQ(row.medians, (std::vector<std::optional<double>>{12}));
  EXPECT_EQ(row.changes, (std::vector<std::optional<double>>{std::nullopt}));
  EXPECT_TRUE(summary.as_expected);
}

TEST(Summarise, HoldsTheTwoVariantsOfEachRuntimeAndBuildAgainstEachOther) {
  RunReport run = sample::run();
  run.plan.variants.clear();
  for (const char* runtime : {"cpp", "go"}) {
    for (const char* build : {"base", "head"}) {
      for (const char* variant : {"without-context", "with-context"}) {
        run.plan.variants.push_back({.name = std::string(runtime) + variant + build,
                                     .variant = variant,
                                     .runtime = runtime,
                                     .build = build});
      }
    }
  }
  const auto columns = summarise(run, {}, "", {}).columns;
  ASSERT_EQ(columns.size(), 8U);
  EXPECT_EQ(columns[6].title, "go: without context @head");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(columns[i].held_against, i % 2 == 1 ? std::optional(i - 1) : std::nullopt) << i;
  }
}

TEST(Summarise, HoldsNothingAgainstNothingWhereThereAreNotTwoVariants) {
  RunReport run = sample::run();
  run.plan.variants.push_back({.name = "buffered", .variant = "buffered"});
  for (const TableColumn& column : summarise(run, {}, "", {}).columns) {
    EXPECT_EQ(column.held_against, std::nullopt) << column.arm;
  }
}

TEST(Summarise, ShowsWhatOnlySomeServersHaveWhereOneHasIt) {
  RepetitionReport plain = sample::repetition(1, "with-context");
  EXPECT_EQ(summarise_all({plain}).table.size(), 7U);
  plain.metrics[Metric::kGcPauseTotalNs] = 12e6;
  plain.evidence.rounds[0].live_tasks_settled = 3;
  plain.evidence.rounds[0].drained = false;
  const Summary summary = summarise_all({plain});
  EXPECT_EQ(summary.arms[1].verdict.verdict.verdict_class, VerdictClass::kLeaking);
  EXPECT_EQ(summary.table.size(), 9U);
  EXPECT_EQ(row_of(summary, Metric::kGcPauseTotalNs).medians[1], 12e6);
}

TEST(Summarise, EndsTheTableWithTheScenariosOwnCounters) {
  RepetitionReport first = sample::repetition(1, "with-context");
  RepetitionReport second = sample::repetition(2, "with-context");
  first.counters = {{"Wasted work", MetricUnit::kNanoseconds, 100}};
  second.counters = {{"Wasted work", MetricUnit::kNanoseconds, 300}};
  RepetitionReport other = sample::repetition(3, "without-context");
  other.counters = {{"Wasted work", MetricUnit::kNanoseconds, 400}};
  const TableRow row = summarise_all({first, second, other}).table.back();
  EXPECT_EQ(row.metric, std::nullopt);
  EXPECT_EQ(row.label, "Wasted work");
  EXPECT_EQ(row.medians, (std::vector<std::optional<double>>{400, 200}));
  EXPECT_EQ(row.changes[1], -50);
}

TEST(Summarise, RepeatsEachWarningOnce) {
  RepetitionReport first = sample::repetition(1, "with-context");
  first.warnings = {"no /metrics"};
  RepetitionReport second = sample::repetition(2, "with-context");
  second.warnings = {"no /metrics", "3 of 10 requests failed"};
  EXPECT_EQ(summarise_all({first, second}).warnings,
            (std::vector<std::string>{"with-context: no /metrics",
                                      "with-context: 3 of 10 requests failed"}));
}

}  // namespace
}  // namespace leakbench
