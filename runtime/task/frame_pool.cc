#include "runtime/task/frame_pool.h"

#include <algorithm>

namespace leakbench {
namespace {

// Frames given back per call of trim(): some microseconds' work, so that nobody waits for it.
constexpr std::size_t kTrimmedAtOnce = 64;

}  // namespace

struct FramePool::ReleaseAtThreadEnd {
  ~ReleaseAtThreadEnd() {
    release_all();
    lists_.keeping = Keeping::kNoLonger;
  }
};

void* FramePool::allocate_new(std::size_t bytes) {
  const std::size_t index = class_of(bytes);
  return ::operator new(index < kClasses && kKeepsFrames ? (index + 1) * kGrain : bytes);
}

// The thread's first frame, one too many, or one too large to keep.
void FramePool::free_slowly(void* frame, std::size_t bytes) noexcept {
  const std::size_t index = class_of(bytes);
  if (index >= kClasses || !kKeepsFrames || lists_.keeping != Keeping::kNotYet) {
    ::operator delete(frame);
    return;
  }
  static thread_local const ReleaseAtThreadEnd release_at_thread_end;
  lists_.keeping = Keeping::kYes;
  keep(lists_.classes[index], frame);
}

void FramePool::release(FreeList& list, std::size_t keep) {
  while (list.count > keep) {
    FreeFrame* frame = list.first;
    list.first = frame->next;
    --list.count;
    ::operator delete(frame);
  }
}

bool FramePool::trim() {
  bool more = false;
  for (FreeList& list : lists_.classes) {
    if (list.count <= kKeptWhenIdle) continue;
    const std::size_t excess = list.count - kKeptWhenIdle;
    release(list, list.count - std::min(excess, kTrimmedAtOnce));
    more = more || excess > kTrimmedAtOnce;
  }
  return more;
}

void FramePool::release_all() {
  for (FreeList& list : lists_.classes) release(list, 0);
}

}  // namespace leakbench
