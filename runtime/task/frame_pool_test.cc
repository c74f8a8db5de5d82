#include "runtime/task/frame_pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace leakbench {
namespace {

TEST(FramePool, HandsOutMemoryOfTheAskedSizeOverAndOver) {
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<void*, std::size_t>> frames;
    for (const std::size_t bytes : {1u, 64u, 65u, 500u, 1024u, 1025u, 100'000u}) {
      void* frame = FramePool::allocate(bytes);
      std::memset(frame, 0x5a, bytes);
      frames.emplace_back(frame, bytes);
    }
    for (auto [frame, bytes] : frames) FramePool::free(frame, bytes);
  }
  FramePool::release_all();
}

TEST(FramePool, TakesFramesBackFromAnotherThread) {
  std::vector<void*> frames;
  for (std::size_t i = 0; i < 2 * FramePool::kKeptWhenIdle; ++i) {
    frames.push_back(FramePool::allocate(128));
  }
  std::thread([&] {
    for (void* frame : frames) FramePool::free(frame, 128);
    void* again = FramePool::allocate(128);
    std::memset(again, 0, 128);
    FramePool::free(again, 128);
  }).join();
}

#ifndef LEAKBENCH_SANITIZED
TEST(FramePool, GivesABurstBackLittleByLittle) {
  std::vector<void*> frames;
  for (std::size_t i = 0; i < 3 * FramePool::kKeptWhenIdle; ++i) {
    frames.push_back(FramePool::allocate(128));
  }
  for (void* frame : frames) FramePool::free(frame, 128);
  int calls = 1;
  while (FramePool::trim()) ++calls;
  EXPECT_GT(calls, 1);
  EXPECT_FALSE(FramePool::trim());
  FramePool::release_all();
}
#endif

}  // namespace
}  // namespace leakbench
