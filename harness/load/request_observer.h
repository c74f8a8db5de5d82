// Who is told of each request of a load as it ends: raw logs, figures per interval.
#ifndef LEAKBENCH_HARNESS_LOAD_REQUEST_OBSERVER_H_
#define LEAKBENCH_HARNESS_LOAD_REQUEST_OBSERVER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/load/outcome.h"
#include "runtime/time/clock.h"

namespace leakbench {

struct RequestRecord {
  std::uint64_t number;    // in the load, from 0
  std::size_t connection;  // from 0
  Outcome outcome;
  int error;  // errno, or 0
  TimePoint due;
  std::optional<TimePoint> sent;        // empty: no connection could be opened for it
  std::optional<TimePoint> first_byte;  // of the answer; empty: none came
  TimePoint ended;                      // last byte, or what ended it
};

class RequestObserver {
 public:
  virtual ~RequestObserver() = default;

  // When the load is released, before the first request is sent.
  virtual void on_release(TimePoint) {}
  // From the load's threads, at the same time.
  virtual void on_request(const RequestRecord& record) = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_REQUEST_OBSERVER_H_
