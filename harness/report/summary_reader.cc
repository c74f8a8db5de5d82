#include "harness/report/summary_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/report/recorded_json.h"
#include "harness/target/wording.h"
#include "harness/verdict/median.h"

namespace leakbench {
namespace {

// Nanoseconds and bytes are written whole, so that half of one may be missing.
bool are_equal(Metric metric, const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  const MetricUnit unit = metric_info(metric).unit;
  const bool whole = unit == MetricUnit::kNanoseconds || unit == MetricUnit::kBytes;
  return std::abs(*a - *b) <= (whole ? 1 : 1e-9 * std::abs(*b));
}

std::string in_words(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "not measured";
}

std::optional<double> median_of_known(const std::vector<std::optional<double>>& values) {
  std::vector<double> measured;
  for (const auto& value : values) {
    if (value) measured.push_back(*value);
  }
  return median(std::move(measured));
}

void read_metric(const JsonView& view, const MetricInfo& info, ArmSummary& arm) {
  std::vector<std::optional<double>> values;
  for (const JsonView& value : view.at("values").elements()) {
    values.push_back(value.is_null() ? std::nullopt : std::optional(value.number()));
  }
  if (values.size() != arm.repetitions.size()) {
    view.at("values").fail(
        fmt::format("has {} values of {} repetitions", values.size(), arm.repetitions.size()));
  }
  const auto found = known_number(view, "median");
  if (const auto wanted = median_of_known(values); !are_equal(info.metric, found, wanted)) {
    view.at("median").fail(
        fmt::format("is {}, the values beside it say {}", in_words(found), in_words(wanted)));
  }
  for (std::size_t i = 0; i < values.size(); ++i) arm.repetitions[i][info.metric] = values[i];
  arm.medians[info.metric] = found;
}

ArmSummary read_arm(const JsonView& view, const RunReport& run) {
  ArmSummary arm;
  arm.name = view.at("name").line();
  const auto complete = std::count_if(
      run.repetitions.begin(), run.repetitions.end(), [&](const PlannedRepetition& repetition) {
        return repetition.arm == arm.name && repetition.status == RepetitionStatus::kComplete;
      });
  const std::int64_t counted = recorded_count(view.at("repetitions"));
  if (counted != complete) {
    view.at("repetitions")
        .fail(fmt::format("is {}, run.json lists {} complete ones of {}", counted, complete,
                          one_line(arm.name)));
  }
  arm.repetitions.resize(static_cast<std::size_t>(counted));
  const JsonView metrics = view.at("metrics");
  for (const MetricInfo& info : all_metrics()) {
    if (const auto metric = metrics.find(std::string(info.name))) {
      read_metric(*metric, info, arm);
    }
  }
  arm.verdict = recorded_verdict(view.at("verdict"));
  arm.leak_sites = recorded_leak_sites(view.at("leak_sites"));
  arm.response_time_percentiles = recorded_percentiles(view.at("response_time_percentiles"));
  return arm;
}

// What a side of the row must be: the median of its arm.
void check_side(const JsonView& row, const std::string& side, Metric metric,
                const std::optional<double>& value, const std::vector<ArmSummary>& arms) {
  const auto arm = std::find_if(arms.begin(), arms.end(), [&](const ArmSummary& candidate) {
    return candidate.name == side + "-context";
  });
  const auto wanted = arm == arms.end() ? std::nullopt : arm->medians[metric];
  if (are_equal(metric, value, wanted)) return;
  row.at(side).fail(
      fmt::format("is {}, the median of its arm is {}", in_words(value), in_words(wanted)));
}

// nullopt for a row of a metric that this version does not know.
std::optional<TableRow> read_row(const JsonView& view, const std::vector<ArmSummary>& arms) {
  const auto metric = metric_by_name(view.at("metric").line());
  if (!metric) return std::nullopt;
  TableRow row;
  row.metric = *metric;
  row.without = known_number(view, "without");
  row.with = known_number(view, "with");
  row.change_percent = known_number(view, "change_percent");
  check_side(view, "without", *metric, row.without, arms);
  check_side(view, "with", *metric, row.with, arms);
  if (const auto figure = known(view, "published")) {
    row.published = PublishedComparison{
        *metric, known_number(*figure, "without"), known_number(*figure, "with"),
        known_number(*figure, "change_percent"), figure->at("text").line()};
  }
  return row;
}

void require(const JsonView& view, const std::string& wanted) {
  if (const std::string found = view.line(); found != wanted) {
    view.fail(fmt::format("is {}, run.json says {}", in_quotes(found), in_quotes(wanted)));
  }
}

}  // namespace

Summary read_summary(const std::filesystem::path& file, const RunReport& run) {
  const nlohmann::json document = read_recorded(file, "summary");
  const JsonView view(document, one_line(file.string()));
  Summary summary;
  require(view.at("run_id"), run.id);
  summary.run_id = run.id;
  require(view.at("status"), std::string(status_name(run.status)));
  summary.status = run.status;
  summary.scenario_name = view.at("scenario").at("name").line();
  summary.scenario_title = view.at("scenario").at("title").line();
  summary.headline = view.at("headline").line();
  for (const JsonView& arm : view.at("arms").elements()) {
    summary.arms.push_back(read_arm(arm, run));
  }
  for (const JsonView& row : view.at("table").elements()) {
    if (auto read = read_row(row, summary.arms)) summary.table.push_back(std::move(*read));
  }
  summary.as_expected = view.at("as_expected").boolean();
  const bool all = std::all_of(summary.arms.begin(), summary.arms.end(),
                               [](const ArmSummary& arm) { return arm.verdict.as_expected(); });
  if (summary.as_expected != (all && !summary.arms.empty())) {
    view.at("as_expected").fail("contradicts the verdicts of the arms");
  }
  return summary;
}

}  // namespace leakbench
