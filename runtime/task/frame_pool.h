// Where coroutine frames come from: free lists by size, one set per thread, so that starting a task
// in a warm process takes no lock and touches memory that is in cache.
#ifndef LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_
#define LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>

namespace leakbench {

// A frame may be freed on another thread than it was allocated on; it then joins that thread's
// lists. Sanitizer builds keep no lists: they must see every use after free.
class FramePool {
 public:
  static void* allocate(std::size_t bytes) {
    const std::size_t index = class_of(bytes);
    if (index < kClasses) {
      FreeList& list = lists_.classes[index];
      if (FreeFrame* frame = list.first) {
        list.first = frame->next;
        --list.count;
        return frame;
      }
    }
    return allocate_new(bytes);
  }

  static void free(void* frame, std::size_t bytes) noexcept {
    const std::size_t index = class_of(bytes);
    if (index < kClasses && lists_.keeping == Keeping::kYes) {
      FreeList& list = lists_.classes[index];
      if (list.count < most_kept(index)) {
        keep(list, frame);
        return;
      }
    }
    free_slowly(frame, bytes);
  }

  // For a thread that has nothing to do: gives some of what is kept beyond kKeptWhenIdle per size
  // class back to the allocator, so that the frames of a burst do not stay in use after it. True if
  // there is more to give.
  static bool trim();

  // Gives this thread's lists back to the allocator.
  static void release_all();

  // Most bytes kept per size class and thread: the frames of 100,000 tasks and more.
  static constexpr std::size_t kMostKeptBytes = 64 << 20;
  static constexpr std::size_t kKeptWhenIdle = 256;

 private:
  static constexpr std::size_t kGrain = 32;
  static constexpr std::size_t kClasses = 32;  // frames up to 1 KiB; larger ones are rare
#ifdef LEAKBENCH_SANITIZED
  static constexpr bool kKeepsFrames = false;
#else
  static constexpr bool kKeepsFrames = true;
#endif

  struct FreeFrame {
    FreeFrame* next;
  };
  struct FreeList {
    FreeFrame* first;
    std::size_t count;
  };
  // Lists are kept once something is in place that releases them at the end of the thread.
  enum class Keeping : char { kNotYet, kYes, kNoLonger };
  struct Lists {
    std::array<FreeList, kClasses> classes;
    Keeping keeping;
  };
  struct ReleaseAtThreadEnd;

  static constexpr std::size_t class_of(std::size_t bytes) { return (bytes - 1) / kGrain; }
  static constexpr std::size_t most_kept(std::size_t index) {
    return kMostKeptBytes / ((index + 1) * kGrain);
  }
  static void keep(FreeList& list, void* frame) {
    list.first = new (frame) FreeFrame{list.first};
    ++list.count;
  }
  static void* allocate_new(std::size_t bytes);
  static void free_slowly(void* frame, std::size_t bytes) noexcept;
  static void release(FreeList& list, std::size_t keep);

  // Without a destructor: one would make every access go through a check whether it has run.
  static inline constinit thread_local Lists lists_{};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_FRAME_POOL_H_
