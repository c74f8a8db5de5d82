#include "runtime/control/pause_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/control/beats.h"

namespace leakbench {
namespace {

using Json = nlohmann::ordered_json;

void add_lateness(const Histogram& lateness, Json& json) {
  Json buckets = Json::array();
  for (const auto& bucket : lateness.buckets()) {
    buckets.push_back(Json::array({bucket.upper_bound, bucket.count}));
  }
  const auto max = lateness.max();
  json["interval_ns"] = Beats::kInterval.count();
  json["count"] = lateness.count();
  json["max_ns"] = max ? Json(*max) : Json(nullptr);
  json["buckets"] = std::move(buckets);
}

Json header() { return {{"schema", "leakbench/pause"}, {"schema_version", "1.1.0"}}; }

}  // namespace

Json pause_json(const Histogram& scheduler, const Histogram& os_thread) {
  Json json = header();
  add_lateness(scheduler, json);
  add_lateness(os_thread, json["os_thread"]);
  return json;
}

Json pause_json(const Histogram& os_thread) {
  Json json = header();
  add_lateness(os_thread, json["os_thread"]);
  return json;
}

}  // namespace leakbench
