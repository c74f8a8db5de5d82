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
bool are_equal(MetricUnit unit, const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  const bool whole = unit == MetricUnit::kNanoseconds || unit == MetricUnit::kBytes;
  return std::abs(*a - *b) <= (whole ? 1 : 1e-9 * std::abs(*b));
}

std::optional<double> median_of_known(const std::vector<std::optional<double>>& values) {
  std::vector<double> measured;
  for (const auto& value : values) {
    if (value) measured.push_back(*value);
  }
  return median(std::move(measured));
}

std::vector<std::optional<double>> read_cells(const JsonView& view) {
  std::vector<std::optional<double>> cells;
  for (const JsonView& cell : view.elements()) {
    cells.push_back(cell.is_null() ? std::nullopt : std::optional(cell.number()));
  }
  return cells;
}

struct Values {
  std::vector<std::optional<double>> each;  // one per repetition
  std::optional<double> median;
};

Values read_values(const JsonView& view, MetricUnit unit, std::size_t repetitions) {
  Values values{read_cells(view.at("values")), known_number(view, "median")};
  if (values.each.size() != repetitions) {
    view.at("values").fail(
        fmt::format("has {} values of {} repetitions", values.each.size(), repetitions));
  }
  if (const auto wanted = median_of_known(values.each); !are_equal(unit, values.median, wanted)) {
    view.at("median").fail(fmt::format("is {}, the values beside it say {}",
                                       in_words(values.median), in_words(wanted)));
  }
  return values;
}

CounterSummary read_counter(const JsonView& view, std::size_t repetitions) {
  CounterSummary counter;
  counter.label = view.at("label").line();
  counter.unit = recorded_unit(view.at("unit"));
  Values values = read_values(view, counter.unit, repetitions);
  counter.per_request = std::move(values.each);
  counter.median = values.median;
  return counter;
}

void require(const JsonView& view, std::string_view wanted) {
  if (const std::string found = view.line(); found != wanted) {
    view.fail(fmt::format("is {}, run.json says {}", in_quotes(found), in_quotes(wanted)));
  }
}

ArmSummary read_arm(const JsonView& view, const PlannedVariant& planned, const RunReport& run) {
  ArmSummary arm;
  require(view.at("name"), planned.name);
  arm.name = planned.name;
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
    const auto metric = metrics.find(std::string(info.name));
    if (!metric) continue;
    const Values values = read_values(*metric, info.unit, arm.repetitions.size());
    for (std::size_t i = 0; i < values.each.size(); ++i) {
      arm.repetitions[i][info.metric] = values.each[i];
    }
    arm.medians[info.metric] = values.median;
  }
  if (const auto counters = known(view, "counters")) {
    for (const JsonView& counter : counters->elements()) {
      arm.counters.push_back(read_counter(counter, arm.repetitions.size()));
    }
  }
  arm.verdict = recorded_verdict(view.at("verdict"));
  require(view.at("verdict").at("expected"), verdict_class_name(planned.expected));
  arm.leak_sites = recorded_leak_sites(view.at("leak_sites"));
  arm.response_time_percentiles = recorded_percentiles(view.at("response_time_percentiles"));
  return arm;
}

std::size_t column_of(const JsonView& arm, const std::vector<TableColumn>& columns) {
  const std::string name = arm.line();
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const TableColumn& column) { return column.arm == name; });
  if (found == columns.end()) arm.fail("is no arm of a column before it: " + in_quotes(name));
  return static_cast<std::size_t>(found - columns.begin());
}

// Those of the first format, which had no list of them.
std::vector<TableColumn> first_columns() {
  return {{std::string(kWithoutContext), "without context", std::nullopt},
          {std::string(kWithContext), "with context", 0}};
}

std::vector<TableColumn> read_columns(const JsonView& summary) {
  const auto views = known(summary, "columns");
  if (!views) return first_columns();
  std::vector<TableColumn> columns;
  for (const JsonView& view : views->elements()) {
    TableColumn column{view.at("arm").line(), view.at("title").line(), std::nullopt};
    if (const auto arm = known(view, "held_against"))
      column.held_against = column_of(*arm, columns);
    columns.push_back(std::move(column));
  }
  return columns;
}

// Of a metric's row, or of that of the counter at `counter`.
std::optional<double> median_for(const TableRow& row, const ArmSummary& arm, std::size_t counter) {
  if (row.metric) return arm.medians[*row.metric];
  return counter < arm.counters.size() ? arm.counters[counter].median : std::nullopt;
}

// That the cells of a row are the medians of the arms. Rows of counters are in the arms' order of
// them.
void check_cells(const JsonView& view, const TableRow& row, const Summary& summary) {
  const std::vector<TableColumn>& columns = summary.columns;
  const std::vector<ArmSummary>& arms = summary.arms;
  const auto counter = static_cast<std::size_t>(
      std::count_if(summary.table.begin(), summary.table.end(),
                    [](const TableRow& earlier) { return !earlier.metric; }));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto arm = std::find_if(arms.begin(), arms.end(), [&](const ArmSummary& candidate) {
      return candidate.name == columns[i].arm;
    });
    const auto wanted = arm == arms.end() ? std::nullopt : median_for(row, *arm, counter);
    if (are_equal(row.unit, row.medians[i], wanted)) continue;
    view.fail(fmt::format("has {} for {}, the median of its arm is {}", in_words(row.medians[i]),
                          one_line(columns[i].arm), in_words(wanted)));
  }
}

void read_cells_of_row(const JsonView& view, std::size_t columns, TableRow& row) {
  if (const auto medians = known(view, "medians")) {
    row.medians = read_cells(*medians);
    row.changes = read_cells(view.at("changes_percent"));
  } else {
    row.medians = {known_number(view, "without"), known_number(view, "with")};
    row.changes = {std::nullopt, known_number(view, "change_percent")};
  }
  if (row.medians.size() != columns || row.changes.size() != columns) {
    view.fail(fmt::format("has {} medians and {} changes in {} columns", row.medians.size(),
                          row.changes.size(), columns));
  }
}

// nullopt for a row of a metric that this version does not know.
std::optional<TableRow> read_row(const JsonView& view, const Summary& summary) {
  TableRow row;
  if (const auto name = known(view, "metric")) {
    row.metric = metric_by_name(name->line());
    if (!row.metric) return std::nullopt;
  }
  row.label = view.at("label").line();
  row.unit = recorded_unit(view.at("unit"));
  read_cells_of_row(view, summary.columns.size(), row);
  check_cells(view, row, summary);
  if (const auto figure = known(view, "published"); figure && row.metric) {
    row.published = PublishedComparison{
        *row.metric, known_number(*figure, "without"), known_number(*figure, "with"),
        known_number(*figure, "change_percent"), figure->at("text").line()};
  }
  return row;
}

std::vector<ArmSummary> read_arms(const JsonView& view, const RunReport& run) {
  const auto views = view.elements();
  const auto& planned = run.plan.variants;
  if (views.size() != planned.size()) {
    view.fail(fmt::format("has {} arms, run.json plans {}", views.size(), planned.size()));
  }
  std::vector<ArmSummary> arms;
  for (std::size_t i = 0; i < views.size(); ++i) {
    arms.push_back(read_arm(views[i], planned[i], run));
  }
  return arms;
}

bool is_as_expected(const Summary& summary) {
  return !summary.arms.empty() && summary.control_failures.empty() &&
         std::all_of(summary.arms.begin(), summary.arms.end(),
                     [](const ArmSummary& arm) { return arm.verdict.as_expected(); });
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
  summary.arms = read_arms(view.at("arms"), run);
  summary.columns = read_columns(view);
  for (const JsonView& row : view.at("table").elements()) {
    if (auto read = read_row(row, summary)) summary.table.push_back(std::move(*read));
  }
  if (const auto warnings = known(view, "warnings")) summary.warnings = recorded_lines(*warnings);
  if (const auto failures = known(view, "control_failures")) {
    summary.control_failures = recorded_lines(*failures);
  }
  summary.as_expected = view.at("as_expected").boolean();
  if (summary.as_expected != is_as_expected(summary)) {
    view.at("as_expected").fail("contradicts the verdicts of the arms or the control failures");
  }
  return summary;
}

}  // namespace leakbench
