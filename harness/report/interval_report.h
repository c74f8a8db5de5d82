// What came of a load in one interval of it: a line of `leakbench load --series`.
#ifndef LEAKBENCH_HARNESS_REPORT_INTERVAL_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_INTERVAL_REPORT_H_

#include <cstdint>
#include <string>

#include "harness/report/load_counts.h"
#include "harness/report/load_report.h"

namespace leakbench {

struct IntervalReport {
  std::int64_t start_ns = 0;  // since the load's release
  std::int64_t end_ns = 0;
  // Those sent in the interval, and those that ended in it by outcome: not the same ones, so that
  // RequestCounts::errors() says nothing here.
  RequestCounts requests;
  std::int64_t errors = 0;
  TimeSummary response_time;  // of the ok answers that ended in it
};

// One JSON object (schemas/load-interval.schema.json) on one line, with a line feed behind it.
std::string to_json_line(const IntervalReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_INTERVAL_REPORT_H_
