#include "runtime/control/allocator.h"

#ifdef LEAKBENCH_TCMALLOC
#include <gperftools/malloc_extension.h>

#include <string>
#include <utility>
#endif

namespace leakbench {

#ifdef LEAKBENCH_TCMALLOC
namespace {

std::optional<std::int64_t> property(const char* name) {
  std::size_t value = 0;
  if (!MallocExtension::instance()->GetNumericProperty(name, &value)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

HeapBytes heap_bytes() {
  return {.in_use = heap_in_use_bytes().value_or(0),
          .mapped = property("generic.heap_size").value_or(0) -
                    property("tcmalloc.pageheap_unmapped_bytes").value_or(0)};
}

}  // namespace

const char* allocator_name() { return "tcmalloc"; }

std::optional<std::int64_t> heap_in_use_bytes() {
  return property("generic.current_allocated_bytes");
}

ProfileAnswer heap_profile() {
  std::string text;
  MallocExtension::instance()->GetHeapSample(&text);
  // Its way to say that it does not sample; what follows then is an empty profile.
  if (text.starts_with("%warn")) {
    return {ProfileAnswer::Kind::kNotNow,
            "this process does not sample its allocations; start it with "
            "TCMALLOC_SAMPLE_PARAMETER=524288 in its environment"};
  }
  return {ProfileAnswer::Kind::kTaken, std::move(text)};
}

std::optional<MemoryRelease> release_free_memory() {
  const SteadyClock clock;
  MemoryRelease release;
  release.before = heap_bytes();
  const TimePoint start = clock.now();
  MallocExtension::instance()->ReleaseFreeMemory();
  release.took = clock.now() - start;
  release.after = heap_bytes();
  return release;
}

#else

const char* allocator_name() { return "libc"; }

std::optional<std::int64_t> heap_in_use_bytes() { return std::nullopt; }

ProfileAnswer heap_profile() {
  return {ProfileAnswer::Kind::kUnavailable,
          "no heap profiles in a build with a sanitizer; profile one of cmake --preset release"};
}

std::optional<MemoryRelease> release_free_memory() { return std::nullopt; }

#endif

}  // namespace leakbench
