#include "harness/report/json_pieces.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace leakbench {
namespace {

Json json_waits(const std::map<std::string, std::int64_t>& waits) {
  std::vector<std::pair<std::string, std::int64_t>> most_first;
  for (const auto& wait : waits) {
    if (wait.second > 0) most_first.push_back(wait);
  }
  std::stable_sort(most_first.begin(), most_first.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  Json json = Json::object();
  for (const auto& [reason, count] : most_first) json[reason] = count;
  return json;
}

Json json_place(const std::optional<SourcePlace>& place) {
  if (!place) return nullptr;
  Json json;
  json["function"] = place->function;
  json["file"] = place->file;
  json["line"] = place->line;
  return json;
}

Json json_leak_site(const LeakSite& site) {
  Json json;
  json["name"] = site.name;
  json["file"] = site.file;
  json["line"] = site.line;
  json["function"] = site.function;
  json["live"] = site.live;
  json["waits"] = json_waits(site.waits);
  json["process"] = site.process.empty() ? Json(nullptr) : Json(site.process);
  json["settled"] = json_optional(site.settled);
  json["growth_per_round"] = json_number(site.growth_per_round);
  json["waits_at"] = json_place(site.waits_at);
  json["longest_wait_ns"] = json_optional(site.longest_wait_ns);
  json["bytes"] = json_optional(site.bytes);
  json["proven"] = site.proven;
  json["example"] = site.example;
  json["allowed_because"] = json_optional(site.allowed_because);
  return json;
}

}  // namespace

Json json_header(std::string_view kind, std::string_view version) {
  Json json;
  json["schema"] = "leakbench/" + std::string(kind);
  json["schema_version"] = version;
  return json;
}

Json json_number(double value) {
  constexpr double kLargestExactInteger = 9007199254740992.0;  // 2^53
  if (!std::isfinite(value)) return nullptr;
  if (value == std::trunc(value) && std::abs(value) <= kLargestExactInteger) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

Json json_number(const std::optional<double>& value) {
  return value ? json_number(*value) : Json(nullptr);
}

Json json_value(MetricUnit unit, const std::optional<double>& value) {
  if (!value) return nullptr;
  const bool whole = unit == MetricUnit::kNanoseconds || unit == MetricUnit::kBytes;
  return json_number(whole ? std::round(*value) : *value);
}

Json json_value(Metric metric, const std::optional<double>& value) {
  return json_value(metric_info(metric).unit, value);
}

Json json_metrics(const MetricSet& metrics) {
  Json json = Json::object();
  for (const MetricInfo& info : all_metrics()) {
    json[std::string(info.name)] = json_value(info.metric, metrics[info.metric]);
  }
  return json;
}

Json json_options(const OptionList& options) {
  Json json = Json::object();
  for (const auto& [name, value] : options) json[name] = value;
  return json;
}

Json json_percentiles(const std::vector<PercentilePoint>& points) {
  Json json = Json::array();
  for (const PercentilePoint& point : points) {
    json.push_back(Json::array({point.percentile, json_number(std::round(point.value_ns))}));
  }
  return json;
}

Json json_verdict(const VerdictReport& report) {
  Json json;
  json["class"] = verdict_class_name(report.verdict.verdict_class);
  json["expected"] = verdict_class_name(report.expected);
  json["as_expected"] = report.as_expected();
  json["reason"] = report.verdict.reason;
  const Verdict& verdict = report.verdict;
  json["strength"] = evidence_strength_name(verdict.strength);
  json["growth_per_round"] = json_number(verdict.growth_per_round);
  json["growth_per_round_lower_bound"] = json_number(verdict.growth_per_round_lower_bound);
  json["growth_p"] = json_number(verdict.growth_p);
  json["leaked_tasks_per_request"] = json_number(verdict.leaked_tasks_per_request);
  json["bytes_per_leaked_task"] = json_number(verdict.bytes_per_leaked_task);
  json["smallest_visible_rate"] = json_number(verdict.smallest_visible_rate);
  return json;
}

Json json_leak_sites(std::vector<LeakSite> sites) {
  std::erase_if(
      sites, [](const LeakSite& site) { return site.live <= 0 && site.settled.value_or(0) <= 0; });
  std::stable_sort(sites.begin(), sites.end(), graver);
  Json json = Json::array();
  for (const LeakSite& site : sites) json.push_back(json_leak_site(site));
  return json;
}

Json json_connections(const ConnectionCounts& counts) {
  Json json;
  json["asked"] = counts.asked;
  json["established"] = counts.established;
  json["served"] = counts.served;
  return json;
}

Json json_requests(const RequestCounts& counts) {
  Json json;
  json["sent"] = counts.sent;
  for (const auto& [name, count] : kRequestOutcomes) json[name] = counts.*count;
  return json;
}

std::string dump_json(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace leakbench
