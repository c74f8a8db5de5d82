// What ends a run early: one line for the person, one exit code for the script.
#ifndef LEAKBENCH_HARNESS_BASE_ERROR_H_
#define LEAKBENCH_HARNESS_BASE_ERROR_H_

#include <stdexcept>
#include <string>

namespace leakbench {

enum class ExitCode : int {
  kOk = 0,
  kInternal = 1,
  kUsage = 2,              // usage or configuration
  kGateFailed = 3,         // regression or threshold
  kUnexpectedVerdict = 4,  // a leak where clean was expected, or none where one was
  kInconclusive = 5,       // under --strict
  kIncomplete = 6,         // target failed or run incomplete
  kNotComparable = 7,      // inputs not comparable
  kEnvironmentUnfit = 8,   // limits, ports, permissions of this machine
  kHungUp = 129,           // SIGHUP; finished repetitions are kept
  kInterrupted = 130,      // SIGINT; finished repetitions are kept
  kTerminated = 143,       // SIGTERM; finished repetitions are kept
};

// `what()` is a single line that says what happened, with which value, and what to do.
class Error : public std::runtime_error {
 public:
  Error(ExitCode exit_code, const std::string& message)
      : std::runtime_error(message), exit_code_(exit_code) {}

  ExitCode exit_code() const { return exit_code_; }

 private:
  ExitCode exit_code_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_BASE_ERROR_H_
