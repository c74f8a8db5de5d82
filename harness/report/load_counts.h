// The counts of a load, as several reports have them.
#ifndef LEAKBENCH_HARNESS_REPORT_LOAD_COUNTS_H_
#define LEAKBENCH_HARNESS_REPORT_LOAD_COUNTS_H_

#include <array>
#include <cstdint>

namespace leakbench {

struct ConnectionCounts {
  std::int64_t asked = 0;
  std::int64_t established = 0;
  std::int64_t served = 0;
};

// Every request that was sent, or could not be, is in exactly one of the counts below `sent`.
struct RequestCounts {
  std::int64_t sent = 0;
  std::int64_t ok = 0;
  std::int64_t http_3xx = 0;
  std::int64_t http_4xx = 0;
  std::int64_t http_5xx = 0;
  std::int64_t refused = 0;
  std::int64_t connect_timeout = 0;
  std::int64_t reset = 0;
  std::int64_t end_of_file = 0;
  std::int64_t parse_error = 0;
  std::int64_t timeout = 0;
  std::int64_t aborted_by_plan = 0;
  std::int64_t read_slowly_by_plan = 0;
  std::int64_t cut_by_end = 0;

  // Those that the target failed: neither answered with a status of 2xx, nor ended by the client.
  std::int64_t errors() const {
    return sent - ok - aborted_by_plan - read_slowly_by_plan - cut_by_end;
  }
};

// What `sent` is the sum of, in the order of every report, under its name in JSON.
struct RequestOutcome {
  const char* name;
  std::int64_t RequestCounts::*count;
};
inline constexpr std::array<RequestOutcome, 13> kRequestOutcomes = {{
    {"ok", &RequestCounts::ok},
    {"http_3xx", &RequestCounts::http_3xx},
    {"http_4xx", &RequestCounts::http_4xx},
    {"http_5xx", &RequestCounts::http_5xx},
    {"refused", &RequestCounts::refused},
    {"connect_timeout", &RequestCounts::connect_timeout},
    {"reset", &RequestCounts::reset},
    {"end_of_file", &RequestCounts::end_of_file},
    {"parse_error", &RequestCounts::parse_error},
    {"timeout", &RequestCounts::timeout},
    {"aborted_by_plan", &RequestCounts::aborted_by_plan},
    {"read_slowly_by_plan", &RequestCounts::read_slowly_by_plan},
    {"cut_by_end", &RequestCounts::cut_by_end},
}};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LOAD_COUNTS_H_
