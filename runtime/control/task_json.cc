#include "runtime/control/task_json.h"

#include <nlohmann/json.hpp>

namespace leakbench {
namespace {

using Json = nlohmann::ordered_json;

Json site_json(const SiteInfo& site) {
  return {{"name", site.name},
          {"file", site.file},
          {"line", site.line},
          {"function", site.function},
          {"kind", site.kind == TaskKind::kApplication ? "application" : "system"}};
}

Json profile_json(const SiteProfile& profile) {
  Json json = site_json(profile.site);
  json["live"] = profile.live;
  json["started"] = profile.started;
  json["waits"] = Json::object();
  for (const auto& [reason, count] : profile.waits) json["waits"][to_string(reason)] = count;
  return json;
}

Json info_json(const TaskInfo& info) {
  Json json{{"id", info.id},
            {"parent_id", info.parent_id},
            {"site", site_json(info.site)},
            {"waits_for", to_string(info.waiting)},
            {"age_ns", info.age.count()},
            {"frame_bytes", info.frame_bytes},
            {"wait_file", nullptr},
            {"wait_line", nullptr},
            {"waiting_ns", nullptr}};
  if (info.waiting != WaitReason::kNone) {
    json["wait_file"] = info.wait_file;
    json["wait_line"] = info.wait_line;
    json["waiting_ns"] = info.waiting_for.count();
  }
  return json;
}

}  // namespace

Json task_json(Scheduler& scheduler, std::optional<std::size_t> limit) {
  std::int64_t live = 0, system = 0;
  std::uint64_t started = 0;
  Json sites = Json::array();
  for (const SiteProfile& profile : scheduler.profile()) {
    (profile.site.kind == TaskKind::kApplication ? live : system) += profile.live;
    started += profile.started;
    sites.push_back(profile_json(profile));
  }
  Json json{{"schema", "leakbench/tasks"}, {"schema_version", "1.0.0"},
            {"live_tasks", live},          {"system_tasks", system},
            {"started_total", started},    {"sites", std::move(sites)}};
  if (limit) {
    const auto tasks = scheduler.list_tasks(*limit);
    json["tasks"] = Json::array();
    for (const TaskInfo& info : tasks) json["tasks"].push_back(info_json(info));
    json["truncated"] = static_cast<std::int64_t>(tasks.size()) < live + system;
  }
  return json;
}

}  // namespace leakbench
