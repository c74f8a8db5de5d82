// The goroutines of a Go server as net/http/pprof counts them in text (goroutine?debug=1).
#ifndef LEAKBENCH_HARNESS_PROBE_GOROUTINE_TEXT_H_
#define LEAKBENCH_HARNESS_PROBE_GOROUTINE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"
#include "harness/probe/parsed.h"

namespace leakbench {

// All goroutines with one stack and one set of labels.
struct GoroutineRecord {
  std::int64_t count = 0;
  // In GoroutineText::frames. The calls into the Go runtime at its inner end are not in the text:
  // a goroutine in a channel operation looks like one that runs. Empty for goroutines that have not
  // begun to run.
  GoStack stack;
  std::size_t addresses = 0;  // the stack's size before the runtime's calls were left out
  std::map<std::string, std::string> labels;
};

struct GoroutineText {
  std::string kind;        // "goroutine" or "goroutineleak"
  std::int64_t total = 0;  // what the server says, also when the text is cut
  bool truncated = false;  // the text ends early; records that are not whole are left out
  std::vector<GoFrame> frames;
  std::vector<GoroutineRecord> records;
};

struct GoroutineTextLimits {
  std::size_t records = 1'000'000;  // a million goroutines, each with a label of its own
  std::size_t frames = 250'000;     // different ones
};

// An error for a text that is not one of this kind, or contradicts itself. Never throws anything
// but std::bad_alloc.
Parsed<GoroutineText> parse_goroutine_text(std::string_view text,
                                           const GoroutineTextLimits& limits = {});

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GOROUTINE_TEXT_H_
