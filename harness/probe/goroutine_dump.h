// The goroutines of a Go server one by one with their full stacks (goroutine?debug=2 and
// goroutineleak?debug=2), the form of a crash. The only form that says where a goroutine was
// started, what it waits for in Go's own words, and for how long.
#ifndef LEAKBENCH_HARNESS_PROBE_GOROUTINE_DUMP_H_
#define LEAKBENCH_HARNESS_PROBE_GOROUTINE_DUMP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"
#include "harness/probe/parsed.h"

namespace leakbench {

// All goroutines of a dump that differ in nothing but their number, their arguments, and how long
// they have waited.
struct DumpedGoroutines {
  std::int64_t count = 0;
  std::string status;   // "chan send", "IO wait", "running"; without what follows here
  bool leaked = false;  // nothing can wake them: Go's own finding (goroutineleak)
  // Of the one that has waited longest. A lower bound, in whole minutes and stamped by the garbage
  // collector, so nullopt says nothing about how long.
  std::optional<std::int64_t> longest_wait_minutes;
  GoStack stack;                     // in GoroutineDump::frames
  bool outer_calls_missing = false;  // the stack was too deep for the dump: see its inner end
  std::optional<std::uint32_t> created_by;  // the `go` statement; none for the main goroutine
};

struct GoroutineDump {
  std::int64_t total = 0;  // those described here; a lower bound when truncated
  // The server's limit or the connection's end cut the dump; what is not whole is left out.
  bool truncated = false;
  std::vector<GoFrame> frames;
  std::vector<DumpedGoroutines> groups;
};

struct GoroutineDumpLimits {
  // A dump as long as this was cut: the server stops here and does not say so.
  std::size_t server_bytes = 64 << 20;
  std::size_t groups = 250'000;
  std::size_t frames = 250'000;  // different ones
};

// An error for a text that is not one of this kind. Never throws anything but std::bad_alloc.
Parsed<GoroutineDump> parse_goroutine_dump(std::string_view text,
                                           const GoroutineDumpLimits& limits = {});

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GOROUTINE_DUMP_H_
