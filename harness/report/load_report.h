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
  std::int64_t count = 0;
  std::string hdr;  // every value: HdrHistogram V2, compressed, base64
};

// Times of the requests with one outcome.
struct OutcomeSummary {
  std::string outcome;
  TimeSummary response_time, service_time, first_byte_time;
};

// Attempts to connect with one outcome.
struct ConnectSummary {
  std::string outcome;
  TimeSummary connect_time;
};

// What the system gave as the reason of some of an outcome.
struct OutcomeError {
  std::string outcome;
  int error = 0;  // errno
  std::int64_t count = 0;
};

// Of a load whose requests are due by a schedule.
struct ScheduleReport {
  std::vector<double> rates_rps;
  std::int64_t due = 0;
  std::int64_t unsent = 0;  // of those, never tried: no connection became free for them
  TimeSummary lag;          // how late the generator itself was
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
  // On the cores that it may use: others' CPU time, the server's included, and what a hypervisor
  // took; and how long threads waited for a core, of all together.
  std::optional<double> foreign_cpu_percent, stolen_percent, waited_percent;
  std::int64_t involuntary_switches = 0;
  std::optional<std::int64_t> memory_peak_bytes;
  std::string engine = "epoll";
  std::int64_t threads = 1;
  // Why the figures may be the generator's own, or its neighbours', instead of the target's; none
  // where they are valid.
  std::vector<std::string> doubts;
};

struct LoadReport {
  std::string url;
  std::string model;  // "closed", "burst", or a schedule's: "constant", "poisson", ...
  std::uint64_t seed = 1;
  std::vector<std::string> aborts;  // planned fates, as --abort takes them
  std::optional<ScheduleReport> schedule;
  bool interrupted = false;
  std::int64_t warm_up_ns = 0;
  // From the release to the end of the asked duration, or else to the last answer.
  std::int64_t duration_ns = 0;
  std::optional<double> throughput_rps;  // of answers with a status of 2xx
  ConnectionCounts connections;
  std::int64_t reconnects = 0;
  AnswersPerConnection answers_per_connection;
  RequestCounts requests;
  // Of connections established, and of answers with a status of 2xx.
  TimeSummary connect_time, response_time, service_time, first_byte_time;
  std::vector<OutcomeSummary> outcomes;  // those that came
  std::vector<ConnectSummary> connections_by_outcome;
  std::vector<OutcomeError> errors;
  GeneratorReport generator;
};

// One JSON object (schemas/load.schema.json) with a line feed behind it.
std::string to_json(const LoadReport& report);

// For a person; several lines.
std::string load_text(const LoadReport& report, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LOAD_REPORT_H_
