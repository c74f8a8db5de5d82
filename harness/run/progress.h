// What the run is doing, for whoever waits: a line that is redrawn on a terminal, one line per
// repetition elsewhere, nothing when quiet.
#ifndef LEAKBENCH_HARNESS_RUN_PROGRESS_H_
#define LEAKBENCH_HARNESS_RUN_PROGRESS_H_

#include <cstdio>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "harness/load/load_progress.h"
#include "harness/probe/sampler.h"
#include "harness/run/status_line.h"
#include "runtime/time/clock.h"

namespace leakbench {

// What one redrawing shows. Pure input of render_progress().
struct ProgressState {
  int repetition = 0;
  int repetitions = 0;
  std::string arm;
  std::string phase;
  std::optional<std::uint64_t> connected, answered;
  std::int64_t connections = 0, requests = 0;
  std::optional<std::int64_t> live_tasks, rss_bytes;
  std::optional<Duration> left;
};

// "[2/6] with-context  load  12,000/20,000 requests  live tasks 31  22.1 MiB  about 40 s left"
std::string render_progress(const ProgressState& state);

// Methods from the running thread.
class Progress {
 public:
  // `out` is stderr; taken so that a test can look.
  Progress(ProgressStyle style, std::FILE* out, int repetitions, Duration expected_repetition);
  void begin_repetition(int index, const std::string& arm, std::int64_t connections,
                        std::int64_t requests);
  void set_phase(const std::string& phase);
  // What the line reads from, until told nullptr; must live until then.
  void watch(const Sampler* sampler);
  void watch(const LoadProgress* load);
  // One line for the finished repetition: `summary` says what came of it.
  void end_repetition(const std::string& summary);
  // A line of its own, above the progress line. The same line twice is printed once: what is said
  // of an arm in each of its repetitions says nothing new.
  void note(const std::string& line);

 private:
  std::string line_now() const;

  std::set<std::string> noted_;
  const SteadyClock clock_;
  const Duration expected_repetition_;

  mutable std::mutex mutex_;
  ProgressState state_;
  const Sampler* sampler_ = nullptr;
  const LoadProgress* load_ = nullptr;
  TimePoint repetition_began_{};
  Duration finished_time_{};
  int finished_ = 0;
  StatusLine line_;  // the last: it looks at all of the above
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PROGRESS_H_
