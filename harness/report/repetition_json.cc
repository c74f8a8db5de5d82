#include <cmath>
#include <string_view>
#include <utility>

#include "harness/report/json_pieces.h"
#include "harness/report/repetition_report.h"

namespace leakbench {
namespace {

std::string_view stop_name(StopKind kind) {
  return kind == StopKind::kGracefully ? "gracefully" : "by-force";
}

Json json_target(const TargetReport& target) {
  Json json;
  json["command"] = target.command;
  json["pid"] = json_optional(target.pid);
  json["cores"] = target.cores;
  json["generator_cores"] = target.generator_cores;
  json["exit_code"] = json_optional(target.exit_code);
  json["exit_signal"] = json_optional(target.exit_signal);
  json["stopped"] = target.stopped ? Json(stop_name(*target.stopped)) : Json(nullptr);
  json["options"] = json_options(target.options);
  return json;
}

Json json_connect_times(const std::optional<ConnectTimes>& times) {
  if (!times) return nullptr;
  Json json;
  json["p50"] = json_number(std::round(times->p50_ns));
  json["p99"] = json_number(std::round(times->p99_ns));
  json["max"] = json_number(std::round(times->max_ns));
  return json;
}

Json json_load(const LoadSummary& load) {
  Json json;
  json["model"] = load.model;
  json["connections"] = json_connections(load.connections);
  json["requests"] = json_requests(load.requests);
  json["connect_time_ns"] = json_connect_times(load.connect_times);
  json["generator"]["cpu_ns"] = json_optional(load.generator_cpu_ns);
  json["generator"]["memory_peak_bytes"] = json_optional(load.generator_memory_peak_bytes);
  return json;
}

Json json_phases(const std::vector<PhaseReport>& phases) {
  Json json = Json::array();
  for (const PhaseReport& phase : phases) {
    Json entry;
    entry["name"] = phase.name;
    entry["round"] = phase.round;
    entry["start_ns"] = phase.start_ns;
    entry["end_ns"] = phase.end_ns;
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_heartbeat(const std::optional<HeartbeatReport>& heartbeat) {
  if (!heartbeat) return nullptr;
  Json json;
  json["count"] = heartbeat->count;
  json["p50_ns"] = heartbeat->p50_ns;
  json["p99_ns"] = heartbeat->p99_ns;
  json["max_ns"] = heartbeat->max_ns;
  json["percentiles"] = json_percentiles(heartbeat->percentiles);
  return json;
}

Json json_counters(const std::vector<CounterReport>& counters) {
  Json json = Json::array();
  for (const CounterReport& counter : counters) {
    Json entry;
    entry["label"] = counter.label;
    entry["unit"] = unit_name(counter.unit);
    entry["per_request"] = counter.per_request ? json_number(*counter.per_request) : Json(nullptr);
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_processes(const std::vector<ProcessReport>& processes) {
  Json json = Json::array();
  for (const ProcessReport& process : processes) {
    Json entry;
    entry["name"] = process.name;
    entry["pid"] = json_optional(process.pid);
    entry["live_tasks_after"] = json_optional(process.live_tasks_after);
    entry["live_tasks_settled"] = json_optional(process.live_tasks_settled);
    entry["memory_peak_bytes"] = json_optional(process.memory_peak_bytes);
    entry["cpu_ns"] = json_optional(process.cpu_ns);
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_rounds(const std::vector<RoundReport>& rounds) {
  Json json = Json::array();
  for (const RoundReport& round : rounds) {
    Json entry;
    entry["round"] = round.round;
    entry["metrics"] = json_metrics(round.metrics);
    entry["drained"] = json_optional(round.drained);
    entry["pauses"]["scheduler"] = json_heartbeat(round.pauses.scheduler);
    entry["pauses"]["os_thread"] = json_heartbeat(round.pauses.os_thread);
    entry["pauses"]["idle_process"] = json_heartbeat(round.pauses.idle_process);
    entry["counters"] = json_counters(round.counters);
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

std::string to_json(const RepetitionReport& report) {
  Json json = json_header("repetition", "1.3.0");
  json["run_id"] = report.run_id;
  json["index"] = report.index;
  json["block"] = report.block;
  json["arm"] = report.arm;
  json["variant"] = report.variant;
  json["status"] = status_name(report.status);
  json["started_utc"] = report.started_utc;
  json["duration_ns"] = report.duration_ns;
  json["target"] = json_target(report.target);
  json["load"] = json_load(report.load);
  json["phases"] = json_phases(report.phases);
  json["rounds"] = json_rounds(report.rounds);
  json["metrics"] = json_metrics(report.metrics);
  json["counters"] = json_counters(report.counters);
  json["processes"] = json_processes(report.processes);
  json["warnings"] = report.warnings;
  json["live_tasks_baseline"] = json_optional(report.live_tasks_baseline);
  json["response_time"]["count"] = report.response_time.count;
  json["response_time"]["percentiles"] = json_percentiles(report.response_time.percentiles);
  json["leak_sites"] = json_leak_sites(report.leak_sites);
  json["verdict"] = json_verdict(report.verdict);
  json["samples_file"] = json_optional(report.samples_file);
  return dump_json(json);
}

}  // namespace leakbench
