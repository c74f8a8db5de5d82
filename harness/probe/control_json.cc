#include "harness/probe/control_json.h"

#include <nlohmann/json.hpp>

namespace leakbench {
namespace {

using nlohmann::json;

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// A count that is missing, negative, fractional or beyond 63 bits was not measured.
std::optional<std::int64_t> as_count(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  const auto count = value.get<std::int64_t>();
  if (count < 0) return std::nullopt;
  return count;
}

std::optional<std::int64_t> count_of(const json& object, const char* key) {
  const json* value = member(object, key);
  return value ? as_count(*value) : std::nullopt;
}

std::string text_of(const json& object, const char* key) {
  const json* value = member(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<json> parse_document(const std::string& text, const std::string& schema) {
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (text_of(document, "schema") != schema) return std::nullopt;
  if (text_of(document, "schema_version").substr(0, 2) != "1.") return std::nullopt;
  return document;
}

std::optional<TaskSite> parse_site(const json& value) {
  const auto live = count_of(value, "live");
  if (!live) return std::nullopt;
  TaskSite site;
  site.name = text_of(value, "name");
  site.file = text_of(value, "file");
  site.line = count_of(value, "line").value_or(0);
  site.function = text_of(value, "function");
  site.system = text_of(value, "kind") == "system";
  site.live = *live;
  site.started = count_of(value, "started").value_or(0);
  if (const json* waits = member(value, "waits"); waits && waits->is_object()) {
    for (const auto& [reason, tasks] : waits->items()) {
      if (const auto count = as_count(tasks)) site.waits[reason] = *count;
    }
  }
  return site;
}

std::optional<PauseSnapshot> parse_heartbeat(const json& heartbeat) {
  const auto count = count_of(heartbeat, "count");
  const auto max = count_of(heartbeat, "max_ns");
  const json* buckets = member(heartbeat, "buckets");
  if (!count || !max || !buckets || !buckets->is_array()) return std::nullopt;
  PauseSnapshot snapshot;
  snapshot.interval_ns = count_of(heartbeat, "interval_ns").value_or(0);
  snapshot.count = *count;
  snapshot.max_ns = *max;
  for (const json& pair : *buckets) {
    if (!pair.is_array() || pair.size() != 2) return std::nullopt;
    const auto bound = as_count(pair[0]);
    const auto beats = as_count(pair[1]);
    // A distribution with a hole would give wrong percentiles, so it is all or nothing.
    if (!bound || !beats) return std::nullopt;
    if (!snapshot.buckets.empty() && snapshot.buckets.back().upper_bound_ns >= *bound) {
      return std::nullopt;
    }
    snapshot.buckets.push_back({*bound, *beats});
  }
  return snapshot;
}

}  // namespace

std::optional<TaskProfile> parse_task_profile(const std::string& text) {
  const auto document = parse_document(text, "leakbench/tasks");
  if (!document) return std::nullopt;
  TaskProfile profile;
  profile.live_tasks = count_of(*document, "live_tasks");
  profile.system_tasks = count_of(*document, "system_tasks");
  profile.started_total = count_of(*document, "started_total");
  if (const json* sites = member(*document, "sites"); sites && sites->is_array()) {
    for (const json& value : *sites) {
      if (auto site = parse_site(value)) profile.sites.push_back(std::move(*site));
    }
  }
  return profile;
}

std::optional<PauseSnapshot> parse_pause_snapshot(const std::string& text) {
  const auto document = parse_document(text, "leakbench/pause");
  return document ? parse_heartbeat(*document) : std::nullopt;
}

std::optional<PauseSnapshot> parse_os_pause_snapshot(const std::string& text) {
  const auto document = parse_document(text, "leakbench/pause");
  const json* heartbeat = document ? member(*document, "os_thread") : nullptr;
  return heartbeat ? parse_heartbeat(*heartbeat) : std::nullopt;
}

}  // namespace leakbench
