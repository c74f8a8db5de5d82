// From what the generator counted to what reports and messages say of it.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_COUNTING_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_COUNTING_H_

#include <optional>
#include <string>

#include "harness/load/load_result.h"
#include "harness/report/load_counts.h"
#include "harness/report/repetition_report.h"

namespace leakbench {

ConnectionCounts connection_counts(const LoadResult& load);
RequestCounts request_counts(const LoadResult& load);
std::optional<ConnectTimes> connect_times(const LoadResult& load);  // nullopt without any

// "ok 19990, reset 10": the outcomes that came, for an error message.
std::string list_outcomes(const OutcomeCounts& outcomes);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_COUNTING_H_
