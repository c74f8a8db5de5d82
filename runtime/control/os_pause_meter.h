// How long the kernel lets a thread wait that has nothing but its timer: the same heartbeat as the
// scheduler's, in a thread of its own. What both show is the machine's doing, or the kernel's; what
// the scheduler's alone shows is the server's.
#ifndef LEAKBENCH_RUNTIME_CONTROL_OS_PAUSE_METER_H_
#define LEAKBENCH_RUNTIME_CONTROL_OS_PAUSE_METER_H_

#include <atomic>
#include <thread>

#include "runtime/control/beats.h"

namespace leakbench {

class OsPauseMeter {
 public:
  // The thread runs where the calling one may run.
  OsPauseMeter();
  OsPauseMeter(const OsPauseMeter&) = delete;
  OsPauseMeter& operator=(const OsPauseMeter&) = delete;
  // Returns after at most one beat.
  ~OsPauseMeter();

  // Lateness in nanoseconds since the start. From any thread.
  Histogram snapshot() const { return beats_.lateness(); }

 private:
  void run();

  Beats beats_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_OS_PAUSE_METER_H_
