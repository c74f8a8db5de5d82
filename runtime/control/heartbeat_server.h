// A process that does nothing but beat, to see what the machine does to one: the control beside a
// server that is measured.
#ifndef LEAKBENCH_RUNTIME_CONTROL_HEARTBEAT_SERVER_H_
#define LEAKBENCH_RUNTIME_CONTROL_HEARTBEAT_SERVER_H_

#include <cstdint>

#include "runtime/control/control_port.h"
#include "runtime/control/os_pause_meter.h"

namespace leakbench {

//   GET /healthz              200 "ok"
//   GET /debug/pause          JSON: how late the heartbeats of an OS thread came
class HeartbeatServer {
 public:
  // Listens on 127.0.0.1; std::system_error if the port can't be had.
  explicit HeartbeatServer(std::uint16_t port);

 private:
  OsPauseMeter pauses_;
  ControlPort http_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_HEARTBEAT_SERVER_H_
