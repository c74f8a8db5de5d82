// What the process's allocator says of itself.
#ifndef LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_
#define LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_

#include <cstdint>
#include <optional>

namespace leakbench {

// "tcmalloc", or "libc" in builds where a sanitizer brings its own.
const char* allocator_name();

// Bytes handed out and not freed (gperftools: generic.current_allocated_bytes). nullopt where the
// allocator cannot tell. Thread-safe; takes the allocator's locks for some microseconds.
std::optional<std::int64_t> heap_in_use_bytes();

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_ALLOCATOR_H_
