// Times in JSON. Inside this module only, like json_pieces.h.
#ifndef LEAKBENCH_HARNESS_REPORT_JSON_TIMES_H_
#define LEAKBENCH_HARNESS_REPORT_JSON_TIMES_H_

#include "harness/report/json_pieces.h"
#include "harness/report/load_report.h"

namespace leakbench {

// Whole nanoseconds; null for what there is not.
Json json_times(const TimeSummary& times);

// The same with the count and every value; null without any.
Json json_histogram(const TimeSummary& times);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_JSON_TIMES_H_
