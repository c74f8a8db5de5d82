// An io_uring as one thread uses it that has many sockets: operations are gathered, go to the
// kernel with the next wait, and what came of them is worked out there and nowhere else.
#ifndef LEAKBENCH_HARNESS_LOAD_URING_RING_H_
#define LEAKBENCH_HARNESS_LOAD_URING_RING_H_

#include <liburing.h>

#include <cstddef>
#include <cstdint>

#include "runtime/time/clock.h"

namespace leakbench {

// For the thread that made it.
class UringRing {
 public:
  struct Completion {
    std::uint64_t of;  // the operation's user_data
    int result;
    std::uint32_t flags;
  };

  // `sockets`: how many there will be. Throws Error(kEnvironmentUnfit) if the kernel is older than
  // Linux 6.1 or refuses.
  explicit UringRing(std::size_t sockets);
  ~UringRing();
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;

  io_uring& raw() { return ring_; }

  // To be prepared at once. Where there is room for no more, submits those before.
  io_uring_sqe* next_entry();
  void submit();

  // Submits, works out what has come of operations, and tells it to `tell(Completion)`, which may
  // prepare more. Where there is nothing to tell it waits, `at_most` so long.
  template <typename Tell>
  void wait(Duration at_most, Tell&& tell) {
    wait_for_first(at_most);
    gather();
    io_uring_cqe* next = nullptr;
    for (unsigned i = 0; i < kCompletionsPerWait && io_uring_peek_cqe(&ring_, &next) == 0; ++i) {
      const Completion completion{next->user_data, next->res, next->flags};
      io_uring_cqe_seen(&ring_, next);
      tell(completion);
    }
  }

 private:
  // Between one wait and the next its user looks at other things, too. Fewer than UringBuffers has
  // buffers, so that those last for what one wait tells; and few, so that what receiving brought
  // into the cache is there for sending.
  static constexpr unsigned kCompletionsPerWait = 96;

  void wait_for_first(Duration at_most);
  // Has the kernel work out the completions that are at hand.
  void gather();

  io_uring ring_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_URING_RING_H_
