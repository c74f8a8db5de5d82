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

// The two arms that the table sets side by side.
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

struct ArmSummary {
  std::string name;
  std::vector<MetricSet> repetitions;  // one per complete repetition
  MetricSet medians;                   // over them
  VerdictReport verdict;               // judged over them
  std::vector<LeakSite> leak_sites;    // of the last of them
  // Median per percentile, for the percentiles that every one of them has.
  std::vector<PercentilePoint> response_time_percentiles;
};

struct TableRow {
  Metric metric = Metric::kResponseTimeMeanNs;
  std::optional<double> without;
  std::optional<double> with;
  std::optional<double> change_percent;  // nullopt also when `without` is 0
  std::optional<PublishedComparison> published;
};

struct Summary {
  std::string run_id;
  RunStatus status = RunStatus::kComplete;
  std::string scenario_name;
  std::string scenario_title;
  std::string headline;
  std::vector<ArmSummary> arms;  // in the plan's order
  std::vector<TableRow> table;   // empty when the plan has neither of the two arms
  bool as_expected = false;      // every arm is, and there is one
};

// Derives everything from the complete repetitions, in the order given; others are passed over. An
// arm without any has no medians and is inconclusive.
Summary summarise(const RunReport& run, const std::vector<RepetitionReport>& repetitions,
                  std::string headline, const std::vector<PublishedComparison>& published);

// The text of the file.
std::string to_json(const Summary& summary);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SUMMARY_H_
