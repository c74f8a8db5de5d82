// What every read of a worker goes into: parsed before the task parks, so that no connection needs
// a buffer of its own while it is idle.
#ifndef LEAKBENCH_RUNTIME_HTTP_SCRATCH_BUFFER_H_
#define LEAKBENCH_RUNTIME_HTTP_SCRATCH_BUFFER_H_

#include <array>
#include <span>

namespace leakbench {

// This thread's; good until the task parks.
inline std::span<char> scratch_buffer() {
  static thread_local std::array<char, 64 * 1024> buffer;
  return buffer;
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_SCRATCH_BUFFER_H_
