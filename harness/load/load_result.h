// What a load came to, per worker while it runs and merged at the end. Times are nanoseconds.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_RESULT_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/load/outcome.h"
#include "runtime/stats/histogram.h"
#include "runtime/time/clock.h"

namespace leakbench {

// 0.05 %: finer than any clock noise, and 0.3 MiB for times up to a minute.
inline constexpr int kTimePrecisionBits = 11;

// Of connecting.
struct ConnectResult {
  std::size_t asked = 0;
  std::size_t established = 0;
  // What became of each connection asked for; kOk is established, kCutByEnd was cancelled.
  OutcomeCounts outcomes;
  Histogram connect_time{kTimePrecisionBits};  // of those established

  void merge(const ConnectResult& other);
};

// Of the requests. Answers with an error status and everything cut short are counted, and their
// times stay out of the histograms: a refusal is quick and a timeout is the limit that was set.
struct LoadResult {
  ConnectResult connect;
  std::size_t served = 0;  // connections with at least one whole answer of any status

  // Requests tried. One that was due on a connection that could not be established counts, with
  // that connection's outcome; those behind it on a broken or missing connection do not.
  std::uint64_t sent = 0;
  OutcomeCounts outcomes;
  // Of kOk, those answered before the plan's duration was over; all of them where it has none.
  std::uint64_t ok_in_time = 0;
  std::uint64_t reconnects = 0;  // connections opened again after they had ended
  // Whole answers of any status, one value per connection asked for.
  Histogram answers_per_connection{kTimePrecisionBits};

  // A request is due when its connection's previous one is answered, so a target that stalls is
  // asked less while it does. Where a connection has to be opened again first, that counts too.
  Histogram response_time{kTimePrecisionBits};  // due to last byte, of kOk
  Histogram service_time{kTimePrecisionBits};   // sent to last byte, of kOk

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
