// The two ways in which benchmark_responder serves. Both give every request that is whole the same
// answer (see BenchmarkDialogue), on one thread.
#ifndef LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_
#define LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "runtime/net/file_descriptor.h"

namespace leakbench {

// Says a number in a line of its own, at once.
inline void say(std::uint64_t number) {
  fmt::print("{}\n", number);
  std::fflush(stdout);
}

// Says for each million of answers how many there have been.
class AnswerCount {
 public:
  void add(std::size_t answers) {
    answers_ += answers;
    if (answers_ < next_announced_) return;
    say(next_announced_);
    next_announced_ += kAnnouncedEvery;
  }

 private:
  static constexpr std::uint64_t kAnnouncedEvery = 1'000'000;

  std::uint64_t answers_ = 0;
  std::uint64_t next_announced_ = kAnnouncedEvery;
};

// `listener` does not block. Both throw where the system refuses what they need.
[[noreturn]] void serve_by_epoll(FileDescriptor listener);

// Takes less CPU time. A client that does not read its answers until the kernel has no more room
// for them is cut off.
[[noreturn]] void serve_by_io_uring(FileDescriptor listener);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_BENCHMARK_SERVER_H_
