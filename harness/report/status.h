#ifndef LEAKBENCH_HARNESS_REPORT_STATUS_H_
#define LEAKBENCH_HARNESS_REPORT_STATUS_H_

#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

enum class RunStatus { kRunning, kComplete, kFailed, kInterrupted };

enum class RepetitionStatus { kPlanned, kRunning, kComplete, kFailed, kInterrupted };

// The words of the reports: "running", "complete", "failed", "interrupted", "planned".
std::string_view status_name(RunStatus status);
std::string_view status_name(RepetitionStatus status);

// "failed: the server exited with status 1"; the word alone where `error` says no more.
std::string status_with_error(RepetitionStatus status, const std::optional<std::string>& error);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_STATUS_H_
