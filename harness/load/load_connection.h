// One connection of a load: all that is kept of it.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_

#include <cstddef>
#include <cstdint>

#include "harness/load/fate.h"
#include "harness/load/outcome.h"
#include "harness/load/request_mix.h"
#include "harness/load/response_parser.h"
#include "runtime/time/clock.h"
#include "runtime/time/timer_wheel.h"

namespace leakbench {

// Belongs to one thread.
struct LoadConnection : WheelEntry {
  enum class State : std::uint8_t {
    kClosed,      // not opened yet, or ended
    kConnecting,  //
    kIdle,        // open, with no request under way
    kBusy,        // with one
    kPaused       // closed for a while, after an attempt to open it that failed
  };

  State state = State::kClosed;
  // What becomes of a request that is due on it while it is closed and not to be opened again.
  Outcome closed_as = Outcome::kCutByEnd;
  ResponseParser parser;
  std::size_t share = 0;  // of a number of requests
  TimePoint deadline = TimePoint::max();

  // Of the load under way.
  std::uint64_t begun = 0;     // requests
  std::uint64_t answered = 0;  // whole answers of any status

  // Of the request under way.
  std::uint64_t request = 0;                 // its number in the load
  const RenderedRequest* message = nullptr;  // what is sent of it
  const Fate* fate = nullptr;
  TimePoint due{};
  TimePoint sent{};
  TimePoint first_byte{};  // of the answer; the epoch: none has come
};

// "At most 512 bytes per connection of our own", of which an engine has its part.
static_assert(sizeof(LoadConnection) <= 256);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_CONNECTION_H_
