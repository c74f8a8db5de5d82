// What comes of a load, interval by interval, as it happens: one line of JSON for each.
#ifndef LEAKBENCH_HARNESS_RUN_INTERVAL_SERIES_H_
#define LEAKBENCH_HARNESS_RUN_INTERVAL_SERIES_H_

#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>

#include "harness/load/load_progress.h"
#include "harness/load/outcome.h"
#include "harness/load/outcome_times.h"
#include "harness/load/request_observer.h"
#include "harness/report/growing_file.h"
#include "harness/run/waiting_clock.h"
#include "runtime/stats/histogram.h"
#include "runtime/time/clock.h"

namespace leakbench {

// A thread of its own writes each line (schemas/load-interval.schema.json) when the interval is
// over, whether or not anything happened in it: while a server stalls, lines of zeros come.
//
// A request belongs to the interval in which it ended; one of which the load's thread tells only
// after that was written, to the next one that is: the lines add up to what the load came to.
class IntervalSeries final : public RequestObserver {
 public:
  // Makes the file, or empties it. Throws Error(kUsage) where that can't be done, and for an
  // interval below 10 ms. `progress` and `clock` must outlive it.
  IntervalSeries(const std::filesystem::path& path, Duration interval, const LoadProgress& progress,
                 const WaitingClock& clock);
  // Ends early, without the last lines; a failure is a line on stderr.
  ~IntervalSeries() override = default;
  IntervalSeries(const IntervalSeries&) = delete;
  IntervalSeries& operator=(const IntervalSeries&) = delete;

  // Starts the first interval. Once, before the first on_request().
  void on_release(TimePoint released) override;

  void on_request(const RequestRecord& record) override;

  // After the load: writes what is over, and the interval that is not, up to now. Throws
  // Error(kEnvironmentUnfit) if not all could be written. A second call does nothing.
  void close();

 private:
  struct Interval {
    OutcomeCounts outcomes;
    Histogram ok_times{kTimePrecisionBits};
  };

  TimePoint start_of(std::uint64_t number) const;
  void write_each_in_time(std::stop_token stop);
  void write_next(TimePoint end);

  const Duration interval_;
  const LoadProgress& progress_;
  const WaitingClock& clock_;
  TimePoint released_{};
  std::uint64_t sent_before_ = 0;  // in the intervals that are written

  std::mutex mutex_;
  std::uint64_t written_ = 0;     // intervals; guarded by mutex_
  std::deque<Interval> pending_;  // those behind them; guarded by mutex_

  GrowingFile file_;
  std::jthread writer_;  // the last: it uses the others
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_INTERVAL_SERIES_H_
