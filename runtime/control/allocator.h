// What the process's allocator says of itself.
#ifndef LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_
#define LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_

#include <cstdint>
#include <optional>

#include "runtime/control/profile_answer.h"
#include "runtime/time/clock.h"

namespace leakbench {

// "tcmalloc", or "libc" in builds where a sanitizer brings its own.
const char* allocator_name();

// Bytes handed out and not freed (gperftools: generic.current_allocated_bytes). nullopt where the
// allocator cannot tell. Thread-safe; takes the allocator's locks for some microseconds.
std::optional<std::int64_t> heap_in_use_bytes();

// Where the memory that is alive was allocated, by samples, in the format that google-pprof reads.
// There are samples only of a process that was started with TCMALLOC_SAMPLE_PARAMETER in its
// environment, the bytes from one sample to the next.
ProfileAnswer heap_profile();

struct HeapBytes {
  std::int64_t in_use = 0;
  std::int64_t mapped = 0;  // in use, or kept for what is allocated next
};

struct MemoryRelease {
  HeapBytes before;
  HeapBytes after;
  Duration took{};
};

// Gives free pages back to the system. nullopt where the allocator cannot. Holds up every
// allocation meanwhile, for milliseconds where much is free.
std::optional<MemoryRelease> release_free_memory();

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_
