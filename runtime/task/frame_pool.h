// Where coroutine frames come from: free lists by size, one set per thread, so that starting a task
// in a warm process takes no lock and touches memory that is in cache.
#ifndef LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_
#define LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_

#include <cstddef>

namespace leakbench {

// A frame may be freed on another thread than it was allocated on; it then joins that thread's
// lists. What a list holds beyond its bound goes back to the allocator, so that frames of a burst
// do not stay in use after it. Sanitizer builds keep no lists: they must see every use after free.
class FramePool {
 public:
  static void* allocate(std::size_t bytes);
  static void free(void* frame, std::size_t bytes) noexcept;

  // Gives this thread's lists back to the allocator.
  static void release_all();

  // Most frames kept per size class and thread.
  static constexpr std::size_t kMostKept = 256;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_
