#include "harness/load/uring_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "harness/base/error.h"

namespace leakbench {
namespace {

// When it is full, what is in it is submitted: then the kernel gets to work while more is prepared.
constexpr unsigned kSubmissionEntries = 128;

// Several operations of each of a few sockets.
constexpr std::size_t kLeastCompletionEntries = 1024;

// Fewer than newer kernels work out in one call where there are more at hand: see gather().
constexpr unsigned kMany = 16;

__kernel_timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

// Throws what is not a matter of trying again.
void check_submission(int result) {
  if (result >= 0 || result == -ETIME || result == -EINTR) return;
  // The kernel has no memory for more operations, or completions, right now.
  if (result == -EAGAIN || result == -EBUSY) return;
  throw Error(ExitCode::kInternal,
              fmt::format("the io_uring of the load fails: {}; choose the engine epoll",
                          std::strerror(-result)));
}

}  // namespace

UringRing::UringRing(std::size_t sockets) : ring_() {
  io_uring_params parameters{};
  // One operation that cannot be begun holds up none after it (SUBMIT_ALL). Completions are worked
  // out in wait() and nowhere else, so that the kernel never interrupts this thread
  // (DEFER_TASKRUN).
  parameters.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
                     IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  // Room for an answer on each. The kernel keeps what does not fit, at a price.
  parameters.cq_entries =
      static_cast<unsigned>(std::bit_ceil(std::max(sockets, kLeastCompletionEntries)));
  const int result = io_uring_queue_init_params(kSubmissionEntries, &ring_, &parameters);
  if (result == 0) return;
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("cannot make an io_uring for the load: {}; it needs Linux 6.1 and a "
                          "sandbox that allows it, choose the engine epoll",
                          std::strerror(-result)));
}

UringRing::~UringRing() { io_uring_queue_exit(&ring_); }

io_uring_sqe* UringRing::next_entry() {
  while (true) {
    io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
    if (entry != nullptr) return entry;
    submit();
  }
}

void UringRing::submit() { check_submission(io_uring_submit(&ring_)); }

void UringRing::wait_for_first(Duration at_most) {
  if (at_most <= Duration::zero() || io_uring_cq_ready(&ring_) != 0) {
    check_submission(io_uring_submit_and_get_events(&ring_));
  } else {
    io_uring_cqe* first = nullptr;
    __kernel_timespec timeout = to_timespec(at_most);
    check_submission(io_uring_submit_and_wait_timeout(&ring_, &first, 1, &timeout, nullptr));
  }
}

// Newer kernels work out some twenty completions a call, however many are at hand. The sends that
// those lead to would be submitted as few at a time, each few with a system call of their own.
void UringRing::gather() {
  unsigned before = 0;
  unsigned ready = io_uring_cq_ready(&ring_);
  while (ready >= before + kMany && ready < kCompletionsPerWait) {
    check_submission(io_uring_get_events(&ring_));
    before = std::exchange(ready, io_uring_cq_ready(&ring_));
  }
}

}  // namespace leakbench
