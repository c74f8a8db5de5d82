// How long ready work waits for a worker: a heartbeat that should come every millisecond, and how
// late it came. The counterpart of a collector's pause in a runtime that has no collector, and
// never to be called one.
#ifndef LEAKBENCH_RUNTIME_CONTROL_PAUSE_METER_H_
#define LEAKBENCH_RUNTIME_CONTROL_PAUSE_METER_H_

#include <memory>
#include <vector>

#include "runtime/context/context.h"
#include "runtime/control/beats.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Each worker beats in a system task of its own.
class PauseMeter {
 public:
  // The scheduler must be destroyed after the meter, which stops the beats.
  explicit PauseMeter(Scheduler& scheduler);
  ~PauseMeter();

  // Lateness in nanoseconds since the start, all workers together. From any thread.
  Histogram snapshot() const;

 private:
  static task<> beat(Context ctx, std::shared_ptr<Beats> beats);

  CauseCancellable running_ = with_cancel_cause(background());
  std::vector<std::shared_ptr<Beats>> workers_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_PAUSE_METER_H_
