// From a histogram to what reports say of it.
#ifndef LEAKBENCH_HARNESS_RUN_TIME_SUMMARY_H_
#define LEAKBENCH_HARNESS_RUN_TIME_SUMMARY_H_

#include "harness/report/load_report.h"
#include "runtime/stats/histogram.h"

namespace leakbench {

// Of nanoseconds, with the percentiles that the values support.
TimeSummary summary_of(const Histogram& times);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TIME_SUMMARY_H_
