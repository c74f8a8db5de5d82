// The processes of one target, looked at as one: what is counted of each adds up.
#ifndef LEAKBENCH_HARNESS_PROBE_TARGET_PROCESSES_H_
#define LEAKBENCH_HARNESS_PROBE_TARGET_PROCESSES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/probe/proc_probe.h"

namespace leakbench {

// One of them. Without a probe the kernel is not asked.
struct WatchedProcess {
  std::string name;
  std::optional<ProcProbe> probe;
  std::unique_ptr<MetricsSource> source;
};

// A sum is known where every summand is; of none it is not.
MetricsReading sum_of(const std::vector<MetricsReading>& readings);
ProcReading sum_of(const std::vector<ProcReading>& readings);
SchedulingReading sum_of(const std::vector<SchedulingReading>& readings);

// The last one is the target's own, which requests go to: pauses are its. Used by one thread.
class TargetProcesses final : public MetricsSource {
 public:
  explicit TargetProcesses(std::vector<WatchedProcess> processes);

  const std::vector<WatchedProcess>& processes() const { return processes_; }

  // From inside the processes.
  MetricsReading read() override;
  std::vector<MetricsReading> read_each();
  // Of several processes each site names its own.
  std::optional<TaskProfile> task_profile() override;
  std::optional<TaskProfile> full_task_profile() override;
  std::optional<PauseSnapshot> pause() override;
  std::optional<PauseSnapshot> os_pause() override;
  SeriesValues series(const std::vector<std::string>& names) override;
  void collect_garbage() override;
  std::vector<std::string> take_problems() override;

  // From the kernel.
  std::vector<ProcReading> read_kernel_each() const;
  ProcReading read_kernel() const { return sum_of(read_kernel_each()); }
  SchedulingReading read_scheduling() const;
  void reset_memory_peaks() const;

 private:
  std::optional<TaskProfile> profile_of_all(std::optional<TaskProfile> (MetricsSource::*profile)());

  std::vector<WatchedProcess> processes_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TARGET_PROCESSES_H_
