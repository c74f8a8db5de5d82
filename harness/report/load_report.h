// What a load on its own came to: `leakbench load`. Plain data; nullopt is not measured, or not
// supported by as many values as there are.
#ifndef LEAKBENCH_HARNESS_REPORT_LOAD_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_LOAD_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/load_counts.h"
#include "harness/report/text_style.h"

namespace leakbench {

// Nanoseconds.
struct TimeSummary {
  std::optional<double> mean, p50, p90, p99, p999, max;
};

// Whole answers of any status, by connection.
struct AnswersPerConnection {
  std::int64_t least = 0;
  std::int64_t p1 = 0;
  std::int64_t most = 0;
};

struct GeneratorReport {
  std::optional<double> cpu_ns_per_request;
  std::optional<double> cpu_percent;  // 100 is one core
  std::optional<std::int64_t> memory_peak_bytes;
  std::string engine = "epoll";
  // Why the figures may be the generator's own, or its neighbours', instead of the target's; none
  // where they are valid.
  std::vector<std::string> doubts;
};

struct LoadReport {
  std::string url;
  std::string model;  // "closed", "burst"
  bool interrupted = false;
  std::int64_t warm_up_ns = 0;
  // From the release to the end of the asked duration, or else to the last answer.
  std::int64_t duration_ns = 0;
  std::optional<double> throughput_rps;  // of answers with a status of 2xx
  ConnectionCounts connections;
  std::int64_t reconnects = 0;
  AnswersPerConnection answers_per_connection;
  RequestCounts requests;
  TimeSummary connect_time, response_time, service_time;
  GeneratorReport generator;
};

// One JSON object (schemas/load.schema.json) with a line feed behind it.
std::string to_json(const LoadReport& report);

// For a person; several lines.
std::string load_text(const LoadReport& report, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LOAD_REPORT_H_
