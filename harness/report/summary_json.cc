#include <algorithm>
#include <utility>

#include "harness/report/json_pieces.h"
#include "harness/report/summary.h"

namespace leakbench {
namespace {

Json json_measured(const ArmSummary& arm) {
  Json json = Json::object();
  for (const MetricInfo& info : all_metrics()) {
    Json measured;
    measured["unit"] = unit_name(info.unit);
    measured["median"] = json_value(info.metric, arm.medians[info.metric]);
    measured["values"] = Json::array();
    for (const MetricSet& repetition : arm.repetitions) {
      measured["values"].push_back(json_value(info.metric, repetition[info.metric]));
    }
    json[std::string(info.name)] = std::move(measured);
  }
  return json;
}

Json json_counters(const std::vector<CounterSummary>& counters) {
  Json json = Json::array();
  for (const CounterSummary& counter : counters) {
    Json entry;
    entry["label"] = counter.label;
    entry["unit"] = unit_name(counter.unit);
    entry["median"] = counter.median ? json_number(*counter.median) : Json(nullptr);
    entry["values"] = Json::array();
    for (const auto& value : counter.per_request) {
      entry["values"].push_back(value ? json_number(*value) : Json(nullptr));
    }
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_arms(const std::vector<ArmSummary>& arms) {
  Json json = Json::array();
  for (const ArmSummary& arm : arms) {
    Json entry;
    entry["name"] = arm.name;
    entry["repetitions"] = arm.repetitions.size();
    entry["metrics"] = json_measured(arm);
    entry["verdict"] = json_verdict(arm.verdict);
    entry["leak_sites"] = json_leak_sites(arm.leak_sites);
    entry["response_time_percentiles"] = json_percentiles(arm.response_time_percentiles);
    entry["counters"] = json_counters(arm.counters);
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_published(const TableRow& row) {
  if (!row.published) return nullptr;
  Json json;
  json["without"] = json_value(row.unit, row.published->without);
  json["with"] = json_value(row.unit, row.published->with);
  json["change_percent"] = json_number(row.published->change_percent);
  json["text"] = row.published->text;
  return json;
}

Json json_columns(const std::vector<TableColumn>& columns) {
  Json json = Json::array();
  for (const TableColumn& column : columns) {
    Json entry;
    entry["arm"] = column.arm;
    entry["title"] = column.title;
    entry["held_against"] =
        column.held_against ? Json(columns[*column.held_against].arm) : Json(nullptr);
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_table(const Summary& summary) {
  const auto column_of = [&](std::string_view arm) {
    return std::find_if(summary.columns.begin(), summary.columns.end(),
                        [&](const TableColumn& column) { return column.arm == arm; }) -
           summary.columns.begin();
  };
  const auto without = static_cast<std::size_t>(column_of(kWithoutContext));
  const auto with = static_cast<std::size_t>(column_of(kWithContext));
  Json json = Json::array();
  for (const TableRow& row : summary.table) {
    const auto cell = [&](std::size_t column) {
      return column < row.medians.size() ? json_value(row.unit, row.medians[column])
                                         : Json(nullptr);
    };
    Json entry;
    entry["metric"] = row.metric ? Json(metric_info(*row.metric).name) : Json(nullptr);
    entry["label"] = row.label;
    entry["unit"] = unit_name(row.unit);
    entry["without"] = cell(without);
    entry["with"] = cell(with);
    entry["change_percent"] =
        with < row.changes.size() ? json_number(row.changes[with]) : Json(nullptr);
    entry["medians"] = Json::array();
    entry["changes_percent"] = Json::array();
    for (std::size_t i = 0; i < row.medians.size(); ++i) {
      entry["medians"].push_back(cell(i));
      entry["changes_percent"].push_back(json_number(row.changes[i]));
    }
    entry["published"] = json_published(row);
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string to_json(const Summary& summary) {
  Json json = json_header("summary", "1.1.0");
  json["run_id"] = summary.run_id;
  json["status"] = status_name(summary.status);
  json["scenario"]["name"] = summary.scenario_name;
  json["scenario"]["title"] = summary.scenario_title;
  json["headline"] = summary.headline;
  json["arms"] = json_arms(summary.arms);
  json["columns"] = json_columns(summary.columns);
  json["table"] = json_table(summary);
  json["as_expected"] = summary.as_expected;
  json["control_failures"] = summary.control_failures;
  json["warnings"] = summary.warnings;
  return dump_json(json);
}

}  // namespace leakbench
