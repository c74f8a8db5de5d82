// The two ways in which benchmark_responder serves. Both give every request that is whole the same
// answer (see BenchmarkDialogue), on one thread.
#ifndef LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_
#define LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_

#include <cerrno>
#include <system_error>

#include "runtime/net/file_descriptor.h"

namespace leakbench {

// Of a system call, by its name.
[[noreturn]] inline void throw_last_error(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// `listener` does not block. Both throw where the system refuses what they need.
[[noreturn]] void serve_by_epoll(FileDescriptor listener);

// Takes less CPU time. A client that does not read its answers until the kernel has no more room
// for them is cut off.
[[noreturn]] void serve_by_io_uring(FileDescriptor listener);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_
