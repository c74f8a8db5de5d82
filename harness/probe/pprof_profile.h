// The profile that a Go server's net/http/pprof gives when it is not asked for text (debug=0):
// gzip around a protocol buffer. One decoder for all kinds: goroutine, goroutineleak, heap, and the
// difference of two (seconds=N).
// https://github.com/google/pprof/blob/main/proto/profile.proto
#ifndef LEAKBENCH_HARNESS_PROBE_PPROF_PROFILE_H_
#define LEAKBENCH_HARNESS_PROBE_PPROF_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"
#include "harness/probe/parsed.h"

namespace leakbench {

struct PprofValueType {
  std::string type;  // "goroutine", "inuse_space"
  std::string unit;  // "count", "bytes"
};

struct PprofLabel {
  std::string key;
  std::string text;                    // empty in a label that is a number
  std::optional<std::int64_t> number;  // of a heap profile: {"bytes", "", 512}
};

struct PprofSample {
  std::vector<std::int64_t> values;  // one per sample type; below zero in a difference of profiles
  GoStack stack;                     // in PprofProfile::frames; inlined calls included
  std::vector<PprofLabel> labels;
};

struct PprofProfile {
  std::vector<PprofValueType> sample_types;  // at least one
  std::vector<GoFrame> frames;
  std::vector<PprofSample> samples;
  std::vector<std::int64_t> totals;  // of all samples, one per sample type
};

// What a profile may cost at the most. The defaults let a million goroutines pass that each carry a
// label of their own, and keep what a hostile answer can take to about half a gigabyte.
struct PprofLimits {
  std::size_t bytes = 64 << 20;        // packed, unpacked, and of all names of frames and labels
  std::size_t entries = 1'000'000;     // of each kind: samples, locations, functions, strings, ...
  std::size_t references = 8'000'000;  // from samples to locations, frames or values
};

// An error for anything but a whole, consistent profile. Never throws anything but std::bad_alloc.
Parsed<PprofProfile> parse_pprof(std::string_view gzip, const PprofLimits& limits = {});

// The same for what is in the gzip.
Parsed<PprofProfile> decode_pprof(std::string_view message, const PprofLimits& limits = {});

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PPROF_PROFILE_H_
