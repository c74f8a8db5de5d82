// The control beside the servers: a process on their cores that does nothing but beat once a
// millisecond. What it suffers, the machine does to anybody there.
#ifndef LEAKBENCH_HARNESS_RUN_IDLE_PROCESS_H_
#define LEAKBENCH_HARNESS_RUN_IDLE_PROCESS_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/target/server_process.h"

namespace leakbench {

// Runs this very program as `leakbench heartbeat`, and dies with the thread that made it. Pinned as
// the servers are: a beat that waits while the server has the core is then seen in both, and only
// what the server does to itself differs.
class IdleProcess {
 public:
  // Returns once it beats. Throws Error when it cannot be started.
  IdleProcess(std::filesystem::path log_file, std::vector<int> cores);

  // Since its start; nullopt when it is gone.
  std::optional<PauseSnapshot> pause() { return source_->os_pause(); }

 private:
  const std::uint16_t port_;
  ServerProcess process_;
  const std::unique_ptr<MetricsSource> source_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_IDLE_PROCESS_H_
