#include "harness/load/uring_buffers.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace leakbench {
namespace {

// Whole pages, so that the buffers begin at one.
constexpr std::size_t ring_bytes(std::size_t buffers) {
  constexpr std::size_t kPage = 4096;
  return (buffers * sizeof(io_uring_buf) + kPage - 1) / kPage * kPage;
}

}  // namespace

UringBuffers::UringBuffers() {
  // Pages that no bytes came into take no memory.
  void* const memory = ::mmap(nullptr, ring_bytes(kBuffers) + kBuffers * kBufferBytes,
                              PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw Error(ExitCode::kEnvironmentUnfit,
                fmt::format("no memory for the buffers of the load: {}", std::strerror(errno)));
  }
  free_ = static_cast<io_uring_buf_ring*>(memory);
  buffers_ = static_cast<char*>(memory) + ring_bytes(kBuffers);
}

UringBuffers::~UringBuffers() { ::munmap(free_, ring_bytes(kBuffers) + kBuffers * kBufferBytes); }

int UringBuffers::lend_to(io_uring& ring) {
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(free_);
  registration.ring_entries = kBuffers;
  registration.bgid = kGroup;
  const int result = io_uring_register_buf_ring(&ring, &registration, 0);
  if (result != 0) return -result;
  io_uring_buf_ring_init(free_);
  for (std::uint16_t number = 0; number < kBuffers; ++number) give_back(number);
  return 0;
}

void UringBuffers::give_back(std::uint16_t number) {
  io_uring_buf_ring_add(free_, buffer(number), kBufferBytes, number,
                        io_uring_buf_ring_mask(kBuffers), 0);
  io_uring_buf_ring_advance(free_, 1);
}

}  // namespace leakbench
