// The source of our own servers: their control port.
#ifndef LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/probe/source_problems.h"
#include "harness/target/control_client.h"

namespace leakbench {

// Thread safe, but calls wait for each other: give each thread its own. Each call takes at most
// about the time limit, the full profile ten times that.
class LeakbenchSource : public MetricsSource {
 public:
  explicit LeakbenchSource(std::uint16_t control_port)
      : LeakbenchSource(control_port, ControlClient::Limits()) {}
  LeakbenchSource(std::uint16_t control_port, ControlClient::Limits limits)
      : limits_(limits), client_(control_port, limits) {}

  MetricsReading read() override;                      // GET /metrics
  std::optional<TaskProfile> task_profile() override;  // GET /debug/tasks
  // The same with ?full=1: up to kMostListedTasks one by one. Up to that many, sites are told apart
  // by where their tasks wait, too; beyond, the counts are of all tasks, and the rest is that of
  // those listed.
  std::optional<TaskProfile> full_task_profile() override;
  std::optional<PauseSnapshot> pause() override;     // GET /debug/pause
  std::optional<PauseSnapshot> os_pause() override;  // GET /debug/pause
  // As PrometheusSource: GET /metrics
  SeriesValues series(const std::vector<std::string>& names) override;
  std::vector<std::string> take_problems() override { return problems_.take(); }

  static constexpr int kMostListedTasks = 20'000;

 private:
  std::optional<std::string> metrics_text();  // nullopt after the problem was added

  // nullopt, after the problem was added, for no answer, or one that `parse` does not take. What
  // the server does not have at all is no problem.
  template <typename Value>
  std::optional<Value> ask(const std::string& path, ControlClient::Limits limits,
                           std::optional<Value> (*parse)(const std::string&));

  const ControlClient::Limits limits_;
  ControlClient client_;
  SourceProblems problems_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_LEAKBENCH_SOURCE_H_
