#include <chrono>

#include "harness/report/interval_report.h"
#include "harness/report/json_times.h"

namespace leakbench {
namespace {

// Of ok answers; null for an interval that is none.
Json json_throughput(const IntervalReport& report) {
  const std::chrono::nanoseconds length(report.end_ns - report.start_ns);
  const auto ok = static_cast<double>(report.requests.ok);
  return json_number(ok / std::chrono::duration<double>(length).count());
}

}  // namespace

std::string to_json_line(const IntervalReport& report) {
  Json json = json_header("load-interval");
  json["start_ns"] = report.start_ns;
  json["end_ns"] = report.end_ns;
  json["throughput_rps"] = json_throughput(report);
  json["requests"] = json_requests(report.requests);
  json["errors"] = report.errors;
  json["response_time_ns"] = json_histogram(report.response_time);
  return json.dump() + "\n";
}

}  // namespace leakbench
