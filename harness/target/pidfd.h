// Processes by descriptor: what it refers to cannot become another process meanwhile.
#ifndef LEAKBENCH_HARNESS_TARGET_PIDFD_H_
#define LEAKBENCH_HARNESS_TARGET_PIDFD_H_

#include <sys/types.h>

#include <chrono>

#include "harness/target/unique_fd.h"

namespace leakbench {

// None, with errno set, when there is no such process.
UniqueFd open_pidfd(pid_t pid);

// Whether the process ends within `bound`. Of no descriptor: false, after `bound`.
bool ends_within(const UniqueFd& pidfd, std::chrono::nanoseconds bound);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PIDFD_H_
