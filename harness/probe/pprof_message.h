// The messages of a pprof profile as they are written: numbered entries that refer to each other
// before they are defined. decode_pprof() puts them together.
#ifndef LEAKBENCH_HARNESS_PROBE_PPROF_MESSAGE_H_
#define LEAKBENCH_HARNESS_PROBE_PPROF_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/probe/pprof_profile.h"
#include "harness/probe/wire_reader.h"

namespace leakbench {

// A stretch of one of PprofMessage's lists.
struct PprofRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Every text is a number in `strings`, every `at` the first byte of the message's content.
struct PprofMessage {
  struct String {
    std::size_t at = 0;
    std::string_view text;  // refers to the document
  };
  struct ValueType {
    std::size_t at = 0;
    std::uint64_t type = 0, unit = 0;
  };
  struct Label {
    std::size_t at = 0;
    std::uint64_t key = 0, text = 0;
    std::optional<std::int64_t> number = std::nullopt;
  };
  struct Sample {
    std::size_t at = 0;
    PprofRange location_ids = {}, values = {}, labels = {};
  };
  struct Line {
    std::size_t at = 0;
    std::uint64_t function_id = 0;
    std::int64_t line = 0;
  };
  struct Location {
    std::size_t at = 0;
    std::uint64_t id = 0, address = 0;
    PprofRange lines = {};  // the innermost call first; none where the address has no name
  };
  struct Function {
    std::size_t at = 0;
    std::uint64_t id = 0, name = 0, file = 0;
    std::int64_t line = 0;
  };

  std::vector<ValueType> sample_types;
  std::vector<Sample> samples;
  std::vector<std::uint64_t> location_ids;  // of all samples
  std::vector<std::uint64_t> values;        // of all samples
  std::vector<Label> labels;                // of all samples
  std::vector<Location> locations;
  std::vector<Line> lines;  // of all locations
  std::vector<Function> functions;
  std::vector<String> strings;
};

// What there is before the first fault.
PprofMessage read_pprof_message(std::string_view document, const PprofLimits& limits,
                                WireFault& fault);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PPROF_MESSAGE_H_
