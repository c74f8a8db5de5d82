// The source of our own servers: their control port.
#ifndef LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_

#include <cstdint>

#include "harness/probe/metrics_source.h"
#include "harness/target/control_client.h"

namespace leakbench {

// Thread safe, but calls wait for each other: give each thread its own. Each call takes at most
// about the time limit.
class LeakbenchSource : public MetricsSource {
 public:
  explicit LeakbenchSource(std::uint16_t control_port) : client_(control_port) {}
  LeakbenchSource(std::uint16_t control_port, ControlClient::Limits limits)
      : client_(control_port, limits) {}

  MetricsReading read() override;                                  // GET /metrics
  std::optional<TaskProfile> task_profile() override;              // GET /debug/tasks
  std::optional<PauseSnapshot> pause() override;                   // GET /debug/pause
  std::optional<PauseSnapshot> os_pause() override;                // GET /debug/pause
  std::optional<double> series(const std::string& name) override;  // GET /metrics

 private:
  ControlClient client_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_
