#include <cmath>
#include <utility>

#include "harness/report/error_name.h"
#include "harness/report/json_pieces.h"
#include "harness/report/json_times.h"
#include "harness/report/load_report.h"

namespace leakbench {
namespace {

Json json_schedule(const std::optional<ScheduleReport>& schedule) {
  if (!schedule) return nullptr;
  Json json;
  json["rates_rps"] = schedule->rates_rps;
  json["due"] = schedule->due;
  json["unsent"] = schedule->unsent;
  json["lag_ns"] = json_times(schedule->lag);
  return json;
}

Json json_outcomes(const LoadReport& report) {
  Json json = Json::object();
  for (const OutcomeSummary& outcome : report.outcomes) {
    Json& entry = json[outcome.outcome];
    entry["response_time_ns"] = json_histogram(outcome.response_time);
    entry["service_time_ns"] = json_histogram(outcome.service_time);
    entry["first_byte_time_ns"] = json_histogram(outcome.first_byte_time);
  }
  return json;
}

Json json_connects(const LoadReport& report) {
  Json json = Json::object();
  for (const ConnectSummary& outcome : report.connections_by_outcome) {
    json[outcome.outcome]["connect_time_ns"] = json_histogram(outcome.connect_time);
  }
  return json;
}

Json json_errors(const LoadReport& report) {
  Json json = Json::array();
  for (const OutcomeError& error : report.errors) {
    Json entry;
    entry["outcome"] = error.outcome;
    entry["errno"] = error.error;
    entry["name"] = error_name(error.error);
    entry["count"] = error.count;
    json.push_back(std::move(entry));
  }
  return json;
}

Json json_optional_number(const std::optional<double>& value) {
  return value ? json_number(*value) : Json(nullptr);
}

Json json_generator(const GeneratorReport& generator) {
  Json json;
  json["engine"] = generator.engine;
  json["cpu_ns_per_request"] = json_optional_number(generator.cpu_ns_per_request);
  json["threads"] = generator.threads;
  json["cpu_percent"] = json_optional_number(generator.cpu_percent);
  json["foreign_cpu_percent"] = json_optional_number(generator.foreign_cpu_percent);
  json["stolen_percent"] = json_optional_number(generator.stolen_percent);
  json["waited_percent"] = json_optional_number(generator.waited_percent);
  json["involuntary_switches"] = generator.involuntary_switches;
  json["memory_peak_bytes"] = json_optional(generator.memory_peak_bytes);
  json["valid"] = generator.doubts.empty();
  json["doubts"] = generator.doubts;
  return json;
}

}  // namespace

std::string to_json(const LoadReport& report) {
  Json json = json_header("load");
  json["url"] = report.url;
  json["model"] = report.model;
  json["seed"] = report.seed;
  json["aborts"] = report.aborts;
  json["schedule"] = json_schedule(report.schedule);
  json["status"] = report.interrupted ? "interrupted" : "complete";
  json["sees_coordinated_omission"] = report.schedule.has_value();
  json["warm_up_ns"] = report.warm_up_ns;
  json["duration_ns"] = report.duration_ns;
  json["throughput_rps"] = json_optional_number(report.throughput_rps);
  json["requests"] = json_requests(report.requests);
  json["connections"] = json_connections(report.connections);
  json["connections"]["reconnects"] = report.reconnects;
  json["connections"]["answers"]["least"] = report.answers_per_connection.least;
  json["connections"]["answers"]["p1"] = report.answers_per_connection.p1;
  json["connections"]["answers"]["most"] = report.answers_per_connection.most;
  json["connect_time_ns"] = json_times(report.connect_time);
  json["response_time_ns"] = json_times(report.response_time);
  json["service_time_ns"] = json_times(report.service_time);
  json["first_byte_time_ns"] = json_times(report.first_byte_time);
  json["outcomes"] = json_outcomes(report);
  json["connects"] = json_connects(report);
  json["errors"] = json_errors(report);
  json["generator"] = json_generator(report.generator);
  return dump_json(json);
}

}  // namespace leakbench
