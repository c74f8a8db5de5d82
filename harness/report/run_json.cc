#include <utility>

#include "harness/report/json_pieces.h"
#include "harness/report/run_report.h"

namespace leakbench {
namespace {

Json json_plan(const PlanReport& plan) {
  Json json;
  json["blocks"] = plan.blocks;
  json["rounds"] = plan.rounds;
  json["most_rounds"] = plan.most_rounds;
  json["connections"] = plan.connections;
  json["requests"] = plan.requests;
  json["warmup_requests"] = plan.warmup_requests;
  json["settle_ns"] = plan.settle_ns;
  json["drain_limit_ns"] = plan.drain_limit_ns;
  json["linger_after_ns"] = plan.linger_after_ns;
  json["sample_interval_ns"] = plan.sample_interval_ns;
  json["variants"] = Json::array();
  for (const PlannedVariant& variant : plan.variants) {
    Json entry;
    entry["name"] = variant.name;
    entry["expect"] = verdict_class_name(variant.expected);
    entry["options"] = json_options(variant.options);
    entry["variant"] = variant.variant;
    entry["runtime"] = variant.runtime.empty() ? Json(nullptr) : Json(variant.runtime);
    entry["build"] = variant.build.empty() ? Json(nullptr) : Json(variant.build);
    entry["manifest"] = variant.manifest.empty() ? Json(nullptr) : Json(variant.manifest);
    json["variants"].push_back(std::move(entry));
  }
  json["order"] = plan.order;
  return json;
}

Json json_repetitions(const std::vector<PlannedRepetition>& repetitions) {
  Json json = Json::array();
  for (const PlannedRepetition& repetition : repetitions) {
    Json entry;
    entry["index"] = repetition.index;
    entry["block"] = repetition.block;
    entry["arm"] = repetition.arm;
    entry["status"] = status_name(repetition.status);
    entry["file"] = json_optional(repetition.file);
    entry["error"] = json_optional(repetition.error);
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_environment(const Environment& environment) {
  Json json;
  json["cpu_model"] = json_optional(environment.cpu_model);
  json["cores_online"] = json_optional(environment.cores_online);
  json["cores_allowed"] = environment.cores_allowed;
  json["kernel"] = json_optional(environment.kernel);
  json["memory_total_bytes"] = json_optional(environment.memory_total_bytes);
  json["compiler"] = environment.build.compiler;
  json["build_type"] = environment.build.build_type;
  json["compiler_flags"] = environment.build.compiler_flags;
  json["sanitizers"] = environment.build.sanitizers;
  json["allocator"] = environment.build.allocator;
  json["git_commit"] = json_optional(environment.build.git_commit);
  json["git_dirty"] = json_optional(environment.build.git_dirty);
  json["nofile_soft"] = json_optional(environment.nofile_soft);
  json["nofile_hard"] = json_optional(environment.nofile_hard);
  json["somaxconn"] = json_optional(environment.somaxconn);
  json["port_range"] =
      environment.port_range
          ? Json::array({environment.port_range->first, environment.port_range->last})
          : Json(nullptr);
  json["load_average_1m"] = json_optional(environment.load_average_1m);
  return json;
}

Json json_warnings(const std::vector<Warning>& warnings) {
  Json json = Json::array();
  for (const Warning& warning : warnings) {
    Json entry;
    entry["id"] = warning.id;
    entry["message"] = warning.message;
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string to_json(const RunReport& report) {
  Json json = json_header("run", "1.2.0");
  json["id"] = report.id;
  json["tool_version"] = report.tool_version;
  json["started_utc"] = report.started_utc;
  json["finished_utc"] = json_optional(report.finished_utc);
  json["status"] = status_name(report.status);
  json["argv"] = report.argv;
  json["seed"] = report.seed;
  json["scenario"]["name"] = report.scenario.name;
  json["scenario"]["title"] = report.scenario.title;
  json["scenario"]["manifest"] = report.scenario.manifest;
  json["plan"] = json_plan(report.plan);
  json["repetitions"] = json_repetitions(report.repetitions);
  json["profiles"] = json_profiles(report.profiles);
  json["environment"] = json_environment(report.environment);
  json["warnings"] = json_warnings(report.warnings);
  return dump_json(json);
}

}  // namespace leakbench
