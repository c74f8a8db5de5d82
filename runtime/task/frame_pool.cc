#include "runtime/task/frame_pool.h"

#include <array>
#include <new>

namespace leakbench {

#ifdef LEAKBENCH_SANITIZED

void* FramePool::allocate(std::size_t bytes) { return ::operator new(bytes); }
void FramePool::free(void* frame, std::size_t bytes) noexcept { ::operator delete(frame, bytes); }
void FramePool::release_all() {}

#else

namespace {

constexpr std::size_t kGrain = 64;
constexpr std::size_t kClasses = 16;  // frames up to 1 KiB; larger ones are rare

struct FreeFrame {
  FreeFrame* next;
};

struct FreeList {
  FreeFrame* first = nullptr;
  std::size_t count = 0;
};

struct Lists {
  std::array<FreeList, kClasses> classes;
  ~Lists() { clear(); }
  void clear() {
    for (FreeList& list : classes) {
      while (list.first != nullptr) {
        FreeFrame* frame = list.first;
        list.first = frame->next;
        ::operator delete(frame);
      }
      list.count = 0;
    }
  }
};

thread_local Lists lists;

constexpr std::size_t class_of(std::size_t bytes) { return (bytes - 1) / kGrain; }

}  // namespace

void* FramePool::allocate(std::size_t bytes) {
  const std::size_t index = class_of(bytes);
  if (index >= kClasses) return ::operator new(bytes);
  FreeList& list = lists.classes[index];
  if (list.first == nullptr) return ::operator new((index + 1) * kGrain);
  FreeFrame* frame = list.first;
  list.first = frame->next;
  --list.count;
  return frame;
}

void FramePool::free(void* frame, std::size_t bytes) noexcept {
  const std::size_t index = class_of(bytes);
  if (index >= kClasses) {
    ::operator delete(frame);
    return;
  }
  FreeList& list = lists.classes[index];
  if (list.count >= kMostKept) {
    ::operator delete(frame);
    return;
  }
  list.first = new (frame) FreeFrame{list.first};
  ++list.count;
}

void FramePool::release_all() { lists.clear(); }

#endif

}  // namespace leakbench
