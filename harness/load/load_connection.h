// One connection of a load: all that is kept of it while it waits.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "harness/load/outcome.h"
#include "harness/load/response_parser.h"
#include "runtime/net/stream.h"

namespace leakbench {

// Belongs to one worker, and is touched by its tasks only.
struct LoadConnection {
  std::optional<Stream> stream;  // empty: not connected yet, or no longer
  ResponseParser parser;
  Outcome connected = Outcome::kCutByEnd;  // kOk once it is
  std::size_t requests = 0;                // its share
  std::uint64_t answered = 0;              // whole answers of any status, of the load under way
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_
