// How a process ended.
#ifndef LEAKBENCH_HARNESS_TARGET_EXIT_STATUS_H_
#define LEAKBENCH_HARNESS_TARGET_EXIT_STATUS_H_

#include <optional>
#include <string>

namespace leakbench {

// One of the two is set; neither when the system no longer knows.
struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;
};

// "exited with status 3", "was killed by SIGSEGV": the end of a sentence about the process.
std::string describe(const ExitStatus& status);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_EXIT_STATUS_H_
