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

}  // namespace leakbench
