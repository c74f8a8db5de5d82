#include "harness/report/summary.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "harness/verdict/judge.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

constexpr std::array kTableMetrics = {
    Metric::kResponseTimeMeanNs, Metric::kResponseTimeP99Ns, Metric::kMemoryPeakBytes,
    Metric::kLiveTasksAfter,     Metric::kCpuPercent,        Metric::kCpuNsPerRequest,
    Metric::kPauseP99Ns,
};

std::optional<double> value_at(const std::vector<PercentilePoint>& points, double percentile) {
  for (const PercentilePoint& point : points) {
    if (point.percentile == percentile) return point.value_ns;
  }
  return std::nullopt;
}

// A percentile that some repetition lacks is left out: a median over other repetitions than its
// neighbours' could make the curve fall.
std::vector<PercentilePoint> median_percentiles(
    const std::vector<const RepetitionReport*>& complete) {
  std::vector<PercentilePoint> medians;
  if (complete.empty()) return medians;
  for (const PercentilePoint& point : complete.front()->response_time.percentiles) {
    std::vector<double> values;
    for (const RepetitionReport* repetition : complete) {
      if (auto value = value_at(repetition->response_time.percentiles, point.percentile)) {
        values.push_back(*value);
      }
    }
    if (values.size() < complete.size()) continue;
    medians.push_back({point.percentile, *median(std::move(values))});
  }
  return medians;
}

ArmSummary summarise_arm(const PlanReport& plan, const PlannedVariant& variant,
                         const std::vector<const RepetitionReport*>& complete) {
  ArmSummary arm;
  arm.name = variant.name;
  VariantEvidence evidence;
  evidence.linger_after = std::chrono::nanoseconds(plan.linger_after_ns);
  evidence.settle_window = std::chrono::nanoseconds(plan.settle_ns);
  for (const RepetitionReport* repetition : complete) {
    arm.repetitions.push_back(repetition->metrics);
    evidence.repetitions.push_back(repetition->evidence);
  }
  arm.medians = median_of(arm.repetitions);
  arm.verdict = {judge(evidence), variant.expected};
  if (!complete.empty()) arm.leak_sites = complete.back()->leak_sites;
  arm.response_time_percentiles = median_percentiles(complete);
  return arm;
}

std::optional<double> change(const std::optional<double>& without,
                             const std::optional<double>& with) {
  if (!without || !with || *without == 0) return std::nullopt;
  return (*with - *without) / *without * 100;
}

const ArmSummary* find_arm(const std::vector<ArmSummary>& arms, std::string_view name) {
  const auto found =
      std::find_if(arms.begin(), arms.end(), [&](const ArmSummary& a) { return a.name == name; });
  return found == arms.end() ? nullptr : &*found;
}

std::vector<TableRow> table_of(const std::vector<ArmSummary>& arms,
                               const std::vector<PublishedComparison>& published) {
  const ArmSummary* without = find_arm(arms, kWithoutContext);
  const ArmSummary* with = find_arm(arms, kWithContext);
  std::vector<TableRow> table;
  if (without == nullptr && with == nullptr) return table;
  for (Metric metric : kTableMetrics) {
    TableRow row;
    row.metric = metric;
    if (without != nullptr) row.without = without->medians[metric];
    if (with != nullptr) row.with = with->medians[metric];
    row.change_percent = change(row.without, row.with);
    const auto figure =
        std::find_if(published.begin(), published.end(),
                     [&](const PublishedComparison& p) { return p.metric == metric; });
    if (figure != published.end()) row.published = *figure;
    table.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Summary summarise(const RunReport& run, const std::vector<RepetitionReport>& repetitions,
                  std::string headline, const std::vector<PublishedComparison>& published) {
  Summary summary;
  summary.run_id = run.id;
  summary.status = run.status;
  summary.scenario_name = run.scenario.name;
  summary.scenario_title = run.scenario.title;
  summary.headline = std::move(headline);
  for (const PlannedVariant& variant : run.plan.variants) {
    std::vector<const RepetitionReport*> complete;
    for (const RepetitionReport& repetition : repetitions) {
      if (repetition.arm == variant.name && repetition.status == RepetitionStatus::kComplete) {
        complete.push_back(&repetition);
      }
    }
    summary.arms.push_back(summarise_arm(run.plan, variant, complete));
  }
  summary.table = table_of(summary.arms, published);
  summary.as_expected =
      !summary.arms.empty() &&
      std::all_of(summary.arms.begin(), summary.arms.end(),
                  [](const ArmSummary& arm) { return arm.verdict.as_expected(); });
  return summary;
}

}  // namespace leakbench
