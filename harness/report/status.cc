#include "harness/report/status.h"

namespace leakbench {

std::string_view status_name(RunStatus status) {
  switch (status) {
    case RunStatus::kRunning:
      return "running";
    case RunStatus::kComplete:
      return "complete";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kInterrupted:
      break;
  }
  return "interrupted";
}

std::string_view status_name(RepetitionStatus status) {
  switch (status) {
    case RepetitionStatus::kPlanned:
      return "planned";
    case RepetitionStatus::kRunning:
      return "running";
    case RepetitionStatus::kComplete:
      return "complete";
    case RepetitionStatus::kFailed:
      return "failed";
    case RepetitionStatus::kInterrupted:
      break;
  }
  return "interrupted";
}

std::string status_with_error(RepetitionStatus status, const std::optional<std::string>& error) {
  std::string text(status_name(status));
  if (error && *error != text) text += ": " + *error;
  return text;
}

}  // namespace leakbench
