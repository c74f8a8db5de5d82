#include <cmath>

#include "harness/report/json_pieces.h"
#include "harness/report/load_report.h"

namespace leakbench {
namespace {

Json json_rounded(const std::optional<double>& value) {
  return value ? json_number(std::round(*value)) : Json(nullptr);
}

Json json_times(const TimeSummary& times) {
  Json json;
  json["mean"] = json_rounded(times.mean);
  json["p50"] = json_rounded(times.p50);
  json["p90"] = json_rounded(times.p90);
  json["p99"] = json_rounded(times.p99);
  json["p999"] = json_rounded(times.p999);
  json["max"] = json_rounded(times.max);
  return json;
}

Json json_generator(const GeneratorReport& generator) {
  Json json;
  json["engine"] = generator.engine;
  json["cpu_ns_per_request"] = json_rounded(generator.cpu_ns_per_request);
  json["cpu_percent"] = generator.cpu_percent ? json_number(*generator.cpu_percent) : Json(nullptr);
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
  json["status"] = report.interrupted ? "interrupted" : "complete";
  json["sees_coordinated_omission"] = false;
  json["warm_up_ns"] = report.warm_up_ns;
  json["duration_ns"] = report.duration_ns;
  json["throughput_rps"] =
      report.throughput_rps ? json_number(*report.throughput_rps) : Json(nullptr);
  json["requests"] = json_requests(report.requests);
  json["connections"] = json_connections(report.connections);
  json["connections"]["reconnects"] = report.reconnects;
  json["connections"]["answers"]["least"] = report.answers_per_connection.least;
  json["connections"]["answers"]["p1"] = report.answers_per_connection.p1;
  json["connections"]["answers"]["most"] = report.answers_per_connection.most;
  json["connect_time_ns"] = json_times(report.connect_time);
  json["response_time_ns"] = json_times(report.response_time);
  json["service_time_ns"] = json_times(report.service_time);
  json["generator"] = json_generator(report.generator);
  return dump_json(json);
}

}  // namespace leakbench
