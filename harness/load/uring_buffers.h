// The memory that an io_uring receives into: buffers that all connections share, which the kernel
// takes from a ring as bytes come, so that a connection that waits for bytes holds none.
#ifndef LEAKBENCH_HARNESS_LOAD_URING_BUFFERS_H_
#define LEAKBENCH_HARNESS_LOAD_URING_BUFFERS_H_

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leakbench {

// For one thread, and one ring.
class UringBuffers {
 public:
  // Of a ring's groups of buffers, the one there is.
  static constexpr std::uint16_t kGroup = 0;
  static constexpr std::size_t kBufferBytes = 16 * 1024;

  // Throws Error(kEnvironmentUnfit) if there is no memory.
  UringBuffers();
  // Not before the ring that they were lent to has gone.
  ~UringBuffers();
  UringBuffers(const UringBuffers&) = delete;
  UringBuffers& operator=(const UringBuffers&) = delete;

  // Gives all of them to the ring. Returns 0 or an errno.
  int lend_to(io_uring& ring);

  // Which buffer a completion holds, if it says so by IORING_CQE_F_BUFFER.
  static std::uint16_t number_in(std::uint32_t completion_flags) {
    return static_cast<std::uint16_t>(completion_flags >> IORING_CQE_BUFFER_SHIFT);
  }

  std::string_view bytes(std::uint16_t number, std::size_t size) const {
    return {buffer(number), size};
  }

  // The kernel may fill it again.
  void give_back(std::uint16_t number);

 private:
  // A power of two. They are filled in turn, so that short answers take a page of each: many cost
  // memory, and the cache.
  static constexpr std::uint16_t kBuffers = 128;

  char* buffer(std::uint16_t number) const { return buffers_ + number * kBufferBytes; }

  // The ring of free buffers, and the buffers after it, in one mapping.
  io_uring_buf_ring* free_ = nullptr;
  char* buffers_ = nullptr;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_URING_BUFFERS_H_
