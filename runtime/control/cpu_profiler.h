// CPU profiles of this process (gperftools), one at a time.
#ifndef LEAKBENCH_RUNTIME_CONTROL_CPU_PROFILER_H_
#define LEAKBENCH_RUNTIME_CONTROL_CPU_PROFILER_H_

#include <condition_variable>
#include <mutex>

#include "runtime/control/profile_answer.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Costs nothing until a profile is asked for: the timer and its handler exist only meanwhile. Then
// SIGPROF interrupts whichever thread uses the CPU a hundred times for each second of it
// (CPUPROFILE_FREQUENCY in the environment: another rate), so every wait of the server must bear
// EINTR. Thread-safe.
class CpuProfiler {
 public:
  // Samples all threads but onlookers for `duration`, or until stop(): the calling thread waits.
  // The text is in gperftools' format, as google-pprof reads it.
  ProfileAnswer take(Duration duration);

  // Ends the profile that is being taken, and from now on every later one at once.
  void stop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_CPU_PROFILER_H_
