#include "harness/probe/control_json.h"

#include <nlohmann/json.hpp>

#include "harness/probe/json_fields.h"

namespace leakbench {
namespace {

using nlohmann::json;

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

std::optional<PauseSnapshot> parse_pause_snapshot(const std::string& text) {
  const auto document = parse_control_document(text, "leakbench/pause");
  return document ? parse_heartbeat(*document) : std::nullopt;
}

std::optional<PauseSnapshot> parse_os_pause_snapshot(const std::string& text) {
  const auto document = parse_control_document(text, "leakbench/pause");
  const json* heartbeat = document ? member(*document, "os_thread") : nullptr;
  return heartbeat ? parse_heartbeat(*heartbeat) : std::nullopt;
}

}  // namespace leakbench
