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
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_published(const std::optional<PublishedComparison>& figure) {
  if (!figure) return nullptr;
  Json json;
  json["without"] = json_value(figure->metric, figure->without);
  json["with"] = json_value(figure->metric, figure->with);
  json["change_percent"] = json_number(figure->change_percent);
  json["text"] = figure->text;
  return json;
}

Json json_table(const std::vector<TableRow>& table) {
  Json json = Json::array();
  for (const TableRow& row : table) {
    const MetricInfo& info = metric_info(row.metric);
    Json entry;
    entry["metric"] = info.name;
    entry["label"] = info.label;
    entry["unit"] = unit_name(info.unit);
    entry["without"] = json_value(row.metric, row.without);
    entry["with"] = json_value(row.metric, row.with);
    entry["change_percent"] = json_number(row.change_percent);
    entry["published"] = json_published(row.published);
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
  json["table"] = json_table(summary.table);
  json["as_expected"] = summary.as_expected;
  return dump_json(json);
}

}  // namespace leakbench
