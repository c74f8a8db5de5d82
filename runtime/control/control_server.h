// The second port of every server, by which others look in: health, metrics, live tasks, pauses,
// profiles.
#ifndef LEAKBENCH_RUNTIME_CONTROL_CONTROL_SERVER_H_
#define LEAKBENCH_RUNTIME_CONTROL_CONTROL_SERVER_H_

#include <cstdint>

#include "runtime/control/control_port.h"
#include "runtime/control/cpu_profiler.h"
#include "runtime/control/metrics.h"
#include "runtime/control/os_pause_meter.h"
#include "runtime/control/pause_meter.h"
#include "runtime/http/http_server.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Runs on threads of its own (cpp-httplib), so that it answers even when every worker is stuck.
//   GET /healthz              200 "ok"
//   GET /metrics              Prometheus text, `counters` among it
//   GET /debug/tasks          JSON: live tasks by spawn site; ?full=1[&limit=N] lists them too
//   GET /debug/pause          JSON: how late the scheduler's heartbeats came, and those of an OS
//   thread
//   GET /debug/cpu?seconds=N  CPU profile of the next N seconds
//   GET /debug/heap           heap profile: see heap_profile()
//   GET /debug/release        JSON: gives free memory back to the system, and how long that took
// Of the last three: 409 when it cannot be had now, 501 when this build cannot do it, each with the
// reason.
class ControlServer {
 public:
  // Listens on 127.0.0.1; port 0 takes a free one. std::system_error if the port can't be had. What
  // is referred to must outlive the control server.
  ControlServer(Scheduler& scheduler, const HttpServer& server, std::uint16_t port,
                Counters counters = {});

  // Ends a profile that is being taken.
  ~ControlServer() { cpu_profiler_.stop(); }

  std::uint16_t port() const { return port_; }

 private:
  Scheduler& scheduler_;
  const Counters counters_;
  PauseMeter pauses_;
  OsPauseMeter os_pauses_;
  CpuProfiler cpu_profiler_;
  std::uint16_t port_ = 0;
  ControlPort http_;  // the last, so that it is the first to go: what answers uses the others
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_CONTROL_SERVER_H_
