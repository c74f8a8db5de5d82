#include "harness/report/summary.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "harness/verdict/judge.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

enum class When { kAlways, kMeasured, kLeaking };

struct RowPlan {
  Metric metric;
  When when;  // also: where an arm has it, where one is leaking
};

constexpr std::array kTableRows = {
    RowPlan{Metric::kResponseTimeMeanNs, When::kAlways},
    RowPlan{Metric::kResponseTimeP99Ns, When::kAlways},
    RowPlan{Metric::kAnsweredInTimePercent, When::kMeasured},
    RowPlan{Metric::kMemoryPeakBytes, When::kAlways},
    RowPlan{Metric::kLiveTasksAfter, When::kAlways},
    RowPlan{Metric::kLeakedTasksPerRequest, When::kLeaking},
    RowPlan{Metric::kCpuPercent, When::kAlways},
    RowPlan{Metric::kCpuNsPerRequest, When::kAlways},
    RowPlan{Metric::kPauseP99Ns, When::kAlways},
    RowPlan{Metric::kGcPauseTotalNs, When::kMeasured},
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

// Those of all repetitions, medians over them. Every repetition of a run has the same ones.
std::vector<CounterSummary> counters_of(const std::vector<const RepetitionReport*>& complete) {
  std::vector<CounterSummary> counters;
  for (const RepetitionReport* repetition : complete) {
    for (std::size_t i = 0; i < repetition->counters.size(); ++i) {
      const CounterReport& counter = repetition->counters[i];
      if (i == counters.size()) counters.push_back({counter.label, counter.unit, {}, {}});
      counters[i].per_request.push_back(counter.per_request);
    }
  }
  for (CounterSummary& counter : counters) {
    std::vector<double> measured;
    for (const auto& value : counter.per_request) {
      if (value) measured.push_back(*value);
    }
    counter.median = median(std::move(measured));
  }
  return counters;
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
  arm.counters = counters_of(complete);
  return arm;
}

std::optional<double> change(const std::optional<double>& before,
                             const std::optional<double>& after) {
  if (!before || !after || *before == 0) return std::nullopt;
  return (*after - *before) / *before * 100;
}

std::string title_of(const PlannedVariant& arm, bool several_runtimes) {
  std::string title = arm.variant;
  std::replace(title.begin(), title.end(), '-', ' ');
  if (several_runtimes) title = arm.runtime + ": " + title;
  return arm.build.empty() ? title : title + " @" + arm.build;
}

std::vector<TableColumn> columns_of(const std::vector<PlannedVariant>& arms) {
  const bool several_runtimes =
      std::any_of(arms.begin(), arms.end(),
                  [&](const PlannedVariant& arm) { return arm.runtime != arms.front().runtime; });
  std::vector<TableColumn> columns;
  for (const PlannedVariant& arm : arms) {
    TableColumn column{arm.name, title_of(arm, several_runtimes), std::nullopt};
    std::vector<std::size_t> of_its_kind;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      if (arms[i].runtime == arm.runtime && arms[i].build == arm.build) of_its_kind.push_back(i);
    }
    if (of_its_kind.size() == 2 && of_its_kind[1] == columns.size()) {
      column.held_against = of_its_kind[0];
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

void add_changes(const std::vector<TableColumn>& columns, TableRow& row) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto against = columns[i].held_against;
    row.changes.push_back(against ? change(row.medians[*against], row.medians[i]) : std::nullopt);
  }
}

bool is_shown(const std::vector<ArmSummary>& arms, const TableRow& row, When when) {
  switch (when) {
    case When::kAlways:
      return true;
    case When::kMeasured:
      return std::any_of(row.medians.begin(), row.medians.end(),
                         [](const auto& median) { return median.has_value(); });
    case When::kLeaking:
      break;
  }
  return std::any_of(arms.begin(), arms.end(), [](const ArmSummary& arm) {
    return arm.verdict.verdict.verdict_class == VerdictClass::kLeaking;
  });
}

std::vector<TableRow> table_of(const std::vector<ArmSummary>& arms,
                               const std::vector<TableColumn>& columns,
                               const std::vector<PublishedComparison>& published) {
  std::vector<TableRow> table;
  if (arms.empty()) return table;
  for (const auto& [metric, when] : kTableRows) {
    TableRow row;
    row.metric = metric;
    row.label = metric_info(metric).label;
    row.unit = metric_info(metric).unit;
    for (const ArmSummary& arm : arms) row.medians.push_back(arm.medians[metric]);
    if (!is_shown(arms, row, when)) continue;
    add_changes(columns, row);
    const auto figure = std::find_if(
        published.begin(), published.end(),
        [metric = metric](const PublishedComparison& p) { return p.metric == metric; });
    if (figure != published.end()) row.published = *figure;
    table.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < arms.front().counters.size(); ++i) {
    TableRow row;
    row.label = arms.front().counters[i].label;
    row.unit = arms.front().counters[i].unit;
    for (const ArmSummary& arm : arms) {
      row.medians.push_back(i < arm.counters.size() ? arm.counters[i].median : std::nullopt);
    }
    add_changes(columns, row);
    table.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> warnings_of(const std::vector<RepetitionReport>& repetitions) {
  std::vector<std::string> warnings;
  for (const RepetitionReport& repetition : repetitions) {
    for (const std::string& text : repetition.warnings) {
      const std::string warning = repetition.arm + ": " + text;
      if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
        warnings.push_back(warning);
      }
    }
  }
  return warnings;
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
  summary.columns = columns_of(run.plan.variants);
  summary.table = table_of(summary.arms, summary.columns, published);
  summary.warnings = warnings_of(repetitions);
  summary.as_expected =
      !summary.arms.empty() &&
      std::all_of(summary.arms.begin(), summary.arms.end(),
                  [](const ArmSummary& arm) { return arm.verdict.as_expected(); });
  return summary;
}

}  // namespace leakbench
