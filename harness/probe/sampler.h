// Looks at one target at a steady pace, from a thread of its own, on one timeline.
#ifndef LEAKBENCH_HARNESS_PROBE_SAMPLER_H_
#define LEAKBENCH_HARNESS_PROBE_SAMPLER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "harness/probe/sample.h"
#include "harness/probe/target_processes.h"

namespace leakbench {

inline constexpr std::chrono::milliseconds kSampleInterval{50};

// The first of the instants origin, origin + interval, origin + 2 * interval, ... that lies after
// `now`. Instants that have passed are skipped, so that a late sample is not followed by a bunch.
std::chrono::steady_clock::time_point next_instant(std::chrono::steady_clock::time_point origin,
                                                   std::chrono::nanoseconds interval,
                                                   std::chrono::steady_clock::time_point now);

// The timeline starts with the constructor, and the first sample is taken at once. Every call but
// stop() may come from any thread. `processes` and `generator` are used by the sampling thread
// alone, the latter until stop() returns.
class Sampler {
 public:
  Sampler(TargetProcesses processes, MachineProbe machine,
          std::function<GeneratorReading()> generator,
          std::chrono::nanoseconds interval = kSampleInterval);
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;
  ~Sampler();

  // What the samples from now on belong to.
  void set_phase(Phase phase, int round);

  // Nanoseconds since the start of the timeline: the clock of every time in a repetition's report.
  std::int64_t now_ns() const;

  // Ends sampling; returns when the sample that is being taken is done (the source's time limit at
  // most). A second call does nothing.
  void stop();

  // For a progress line; nullopt before the first sample.
  std::optional<Sample> latest() const;

  std::vector<Sample> samples() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct PhaseAndRound {  // small enough to be read and written in one go
    Phase phase = Phase::kIdle;
    int round = 0;
  };

  void run();
  void take_sample();

  TargetProcesses processes_;
  const MachineProbe machine_;
  const std::function<GeneratorReading()> generator_;
  const std::chrono::nanoseconds interval_;
  const Clock::time_point origin_ = Clock::now();
  std::atomic<PhaseAndRound> position_{PhaseAndRound{}};

  mutable std::mutex mutex_;
  std::condition_variable stop_requested_;
  bool stopping_ = false;        // guarded by mutex_
  std::vector<Sample> samples_;  // guarded by mutex_

  std::thread thread_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_SAMPLER_H_
