// What a load on its own is doing, for whoever waits: a line that is redrawn on a terminal, one
// line per finished phase elsewhere, nothing when quiet.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_STATUS_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_STATUS_H_

#include <cstdint>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>

#include "harness/load/load_progress.h"
#include "harness/run/status_line.h"
#include "runtime/time/clock.h"

namespace leakbench {

// What one redrawing shows. Pure input of render_load_status().
struct LoadState {
  std::string phase;                 // "connect", "warm-up", "measure"
  std::uint64_t done = 0;            // connections or answers, in this phase
  std::optional<std::uint64_t> of;   // how many there will be
  Duration elapsed{};                // in this phase
  std::optional<Duration> length{};  // how long it asks
};

// "measure  12,000/20,000 requests  9,800/s  about 2 s left"
std::string render_load_status(const LoadState& state);

// Methods from the running thread. `load` must outlive it.
class LoadStatus {
 public:
  // `out` is stderr; taken so that a test can look.
  LoadStatus(ProgressStyle style, std::FILE* out, const LoadProgress& load);

  void begin(const std::string& phase, std::optional<std::uint64_t> of,
             std::optional<Duration> length);
  // One line for the finished phase.
  void end();

 private:
  std::string line_now() const;
  std::uint64_t count() const;  // with the lock held

  const LoadProgress& load_;
  const SteadyClock clock_;
  mutable std::mutex mutex_;
  LoadState state_;
  TimePoint began_{};
  std::uint64_t counted_before_ = 0;
  StatusLine line_;  // the last: it looks at all of the above
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_STATUS_H_
