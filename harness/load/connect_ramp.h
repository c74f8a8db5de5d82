// Opens a worker's connections, a limited number at a time.
#ifndef LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_
#define LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_

#include <cstddef>
#include <span>
#include <system_error>

#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_progress.h"
#include "harness/load/load_result.h"
#include "runtime/context/context.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/task.h"

namespace leakbench {

// On one worker. What it is given must outlive it.
class ConnectRamp {
 public:
  ConnectRamp(const LoadPlan& plan, const Clock& clock, std::span<LoadConnection> connections,
              LoadProgress& progress)
      : plan_(plan), clock_(clock), connections_(connections), progress_(progress) {}

  // Tries each connection once, `in_flight` of them at a time, until all are settled or `ctx` is
  // done. What the target does is an outcome; what this machine lacks (descriptors, ports) throws
  // Error(kEnvironmentUnfit), with all connections closed.
  task<> run(Context ctx, std::size_t in_flight);

  // After run().
  const ConnectResult& result() const { return result_; }

 private:
  task<> connect_one_by_one(Context ctx);
  [[noreturn]] void give_up();

  const LoadPlan& plan_;
  const Clock& clock_;
  const std::span<LoadConnection> connections_;
  LoadProgress& progress_;
  std::size_t next_ = 0;
  std::error_code failure_;  // of this machine; ends the ramp
  CancelHandle stop_;
  wait_group running_;
  ConnectResult result_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_
