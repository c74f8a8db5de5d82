// What a Go server tells of its memory and its garbage collector: by expvar, or by the comments
// behind a heap profile.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_MEMORY_H_
#define LEAKBENCH_HARNESS_PROBE_GO_MEMORY_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/probe/parsed.h"

namespace leakbench {

struct GoMemory {
  // runtime.MemStats.HeapAlloc: bytes that were allocated and not freed, like the heap of our own
  // servers. HeapInuse counts whole spans, and so what fragments and what the sweeper has not
  // reached.
  std::optional<std::int64_t> heap_alloc_bytes;
  std::optional<std::int64_t> gc_cycles;          // NumGC
  std::optional<std::int64_t> gc_pause_total_ns;  // PauseTotalNs, since the start of the server
};

// Both give an error for a text of another kind, or without a figure of memory; neither throws
// anything but std::bad_alloc, nor needs more memory than the text.

// The JSON of expvar (/debug/vars), which holds memstats unless the server took it out.
Parsed<GoMemory> parse_expvar_memory(std::string_view json);

// The text of heap?debug=1, which ends with the same figures ("# HeapAlloc = 12345"), but for
// PauseTotalNs: the last 256 pauses stand for it as long as there were no more.
Parsed<GoMemory> parse_heap_memory(std::string_view text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_MEMORY_H_
