// summary.json: what the complete repetitions of a run show together.
#ifndef LEAKBENCH_HARNESS_REPORT_SUMMARY_H_
#define LEAKBENCH_HARNESS_REPORT_SUMMARY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/leak_site.h"
#include "harness/report/metric_set.h"
#include "harness/report/percentile_point.h"
#include "harness/report/repetition_report.h"
#include "harness/report/run_report.h"
#include "harness/report/verdict_report.h"

namespace leakbench {

// The two arms that published figures are of.
inline constexpr std::string_view kWithoutContext = "without-context";
inline constexpr std::string_view kWithContext = "with-context";

// A figure somebody published for a metric, from the manifest; in the metric's unit.
struct PublishedComparison {
  Metric metric = Metric::kResponseTimeMeanNs;
  std::optional<double> without;
  std::optional<double> with;
  std::optional<double> change_percent;
  std::string text;  // as the table prints it: "1.9 s -> 1.4 s (-26 %)"
};

// A counter of the scenario's own over the repetitions.
struct CounterSummary {
  std::string label;
  MetricUnit unit = MetricUnit::kNanoseconds;
  std::vector<std::optional<double>> per_request;  // one per complete repetition
  std::optional<double> median;
};

struct ArmSummary {
  std::string name;
  std::vector<MetricSet> repetitions;  // one per complete repetition
  MetricSet medians;                   // over them
  VerdictReport verdict;               // judged over them
  std::vector<LeakSite> leak_sites;    // of the last of them
  // Median per percentile, for the percentiles that every one of them has.
  std::vector<PercentilePoint> response_time_percentiles;
  std::vector<CounterSummary> counters;  // the same of every arm
};

// One arm in the table. Where a runtime and build has two arms, the second is held against the
// first.
struct TableColumn {
  std::string arm;
  std::string title;                        // "without context", "go: with context @head"
  std::optional<std::size_t> held_against;  // the column it is held against
};

struct TableRow {
  std::optional<Metric> metric;  // nullopt: a counter of the scenario's own
  std::string label;
  MetricUnit unit = MetricUnit::kNanoseconds;
  std::vector<std::optional<double>> medians;  // by column
  std::vector<std::optional<double>> changes;  // by column, percent; nullopt also from 0
  std::optional<PublishedComparison> published;
};

struct Summary {
  std::string run_id;
  RunStatus status = RunStatus::kComplete;
  std::string scenario_name;
  std::string scenario_title;
  std::string headline;
  std::vector<ArmSummary> arms;      // in the plan's order
  std::vector<TableColumn> columns;  // by arm
  std::vector<TableRow> table;
  std::vector<std::string> warnings;  // what the repetitions had to say, each once
  bool as_expected = false;           // every arm is, there is one, and no control has failed
  // Of a scenario with planted leaks: what the harness got wrong about them. A harness that does
  // not find what was planted is broken, whatever its other verdicts say.
  std::vector<std::string> control_failures;
};

// Derives everything from the complete repetitions, in the order given; others are passed over. An
// arm without any has no medians and is inconclusive.
Summary summarise(const RunReport& run, const std::vector<RepetitionReport>& repetitions,
                  std::string headline, const std::vector<PublishedComparison>& published);

// The text of the file.
std::string to_json(const Summary& summary);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SUMMARY_H_
