#ifndef LEAKBENCH_HARNESS_REPORT_STATUS_H_
#define LEAKBENCH_HARNESS_REPORT_STATUS_H_

#include <string_view>

namespace leakbench {

enum class RunStatus { kRunning, kComplete, kFailed, kInterrupted };

enum class RepetitionStatus { kPlanned, kRunning, kComplete, kFailed, kInterrupted };

// The words of the reports: "running", "complete", "failed", "interrupted", "planned".
std::string_view status_name(RunStatus status);
std::string_view status_name(RepetitionStatus status);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_STATUS_H_
