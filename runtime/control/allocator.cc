#include "runtime/control/allocator.h"

#ifdef LEAKBENCH_TCMALLOC
#include <gperftools/malloc_extension.h>
#endif

namespace leakbench {

#ifdef LEAKBENCH_TCMALLOC

const char* allocator_name() { return "tcmalloc"; }

std::optional<std::int64_t> heap_in_use_bytes() {
  std::size_t bytes = 0;
  if (!MallocExtension::instance()->GetNumericProperty("generic.current_allocated_bytes", &bytes)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(bytes);
}

#else

const char* allocator_name() { return "libc"; }

std::optional<std::int64_t> heap_in_use_bytes() { return std::nullopt; }

#endif

}  // namespace leakbench
