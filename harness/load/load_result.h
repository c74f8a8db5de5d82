// What a load came to, per worker while it runs and merged at the end. Times are nanoseconds.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_RESULT_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/load/outcome.h"
#include "harness/load/outcome_times.h"
#include "runtime/stats/histogram.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Of connecting.
struct ConnectResult {
  std::size_t asked = 0;
  std::size_t established = 0;
  // What became of each connection asked for; kOk is established, kCutByEnd was cancelled.
  OutcomeCounts outcomes;
  OutcomeErrors errors;
  OutcomeTimes connect_time;

  void merge(const ConnectResult& other);
};

// Of the requests. Every one is counted, and its times recorded, under its outcome.
struct LoadResult {
  ConnectResult connect;
  std::size_t served = 0;  // connections with at least one whole answer of any status

  // Requests tried. One that was due on a connection that could not be established counts, with
  // that connection's outcome; those behind it on a broken or missing connection do not.
  std::uint64_t sent = 0;
  // Of a schedule: due before the end, and never tried, since no connection became free for them.
  // What they would have shown is missing from the times.
  std::uint64_t unsent = 0;
  OutcomeCounts outcomes;
  std::vector<OutcomeCounts> by_request;  // of each request of the plan's mix
  OutcomeErrors errors;
  std::uint64_t accepted = 0;  // of kOk, with a status that is none of 2xx but accepted by the plan
  // Of kOk, those answered before the plan's duration was over; all of them where it has none.
  std::uint64_t ok_in_time = 0;
  std::uint64_t reconnects = 0;  // connections opened again after they had ended
  // Whole answers of any status, one value per connection asked for.
  Histogram answers_per_connection{kTimePrecisionBits};

  // Without a schedule a request is due when its connection's previous one is answered. Where a
  // connection has to be opened again first, or none is free, that counts too.
  OutcomeTimes response_time;    // due to last byte, or to whatever ended it
  OutcomeTimes service_time;     // sent to the same
  OutcomeTimes first_byte_time;  // sent to the first byte of the answer, of those that had one
  // Of a schedule: how late the generator itself was, a connection being free.
  Histogram schedule_lag{kTimePrecisionBits};

  std::optional<TimePoint> released;       // when the first requests were due; empty: never
  std::optional<TimePoint> first_sent;     // empty: nothing reached a connection
  std::optional<TimePoint> last_response;  // the last whole answer of any status
  std::optional<TimePoint> ended;          // the last outcome; empty: there was none

  void merge(const LoadResult& other);
  // Throws std::logic_error unless the outcomes add up to what was sent.
  void check() const;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_RESULT_H_
