// One repetition: a fresh target, its warm-up, its rounds, and everything read meanwhile.
#ifndef LEAKBENCH_HARNESS_RUN_REPETITION_H_
#define LEAKBENCH_HARNESS_RUN_REPETITION_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/load/load_plan.h"
#include "harness/load/load_result.h"
#include "harness/probe/sampler.h"
#include "harness/report/repetition_report.h"
#include "harness/report/run_folder.h"
#include "harness/run/companion.h"
#include "harness/run/idle_process.h"
#include "harness/run/progress.h"
#include "harness/run/response_meter.h"
#include "harness/run/round.h"
#include "harness/run/run_plan.h"
#include "harness/run/target_group.h"
#include "harness/target/cores.h"
#include "runtime/context/context.h"

namespace leakbench {

// The run was told to stop; what is under way is not finished.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

// Runs once, on one thread that outlives it. What it refers to must too; the idle process and the
// companion may be missing. One with a companion is not timed, and writes no samples.
class Repetition {
 public:
  struct Place {
    int index = 1;
    int block = 1;
    Arm arm;
  };

  Repetition(const RunPlan& plan, const Place& place, const RunFolder& folder,
             const CorePlan& cores, IdleProcess* idle_process, Progress& progress, Context ctx,
             Companion* companion = nullptr);

  // Fills report(), writes the samples and ends the target, whatever happens. Throws Error when the
  // target or the load fails, Interrupted under a done context; report() then has what there is.
  void run();

  const RepetitionReport& report() const { return report_; }

 private:
  class PhaseScope;

  void start_target();
  void warm_up();
  void run_round(int round);
  bool goes_on(int round) const;
  void stop_target();
  void finish_report();

  LoadPlan load_plan(int connections, std::int64_t requests) const;
  RoundReadings measure_load(int round);
  PauseSnapshots read_pauses();
  void check_connections(const ConnectResult& connected) const;
  void check_outcomes(const LoadResult& load, std::string_view what);
  DrainResult drain(TimePoint last_response, std::int64_t baseline,
                    const std::optional<DrainLook>& first);
  void add_round(int round, const RoundReadings& readings);
  SeriesValues read_counters();
  void warn(std::string warning);
  void throw_if_target_died() const;
  void throw_if_interrupted() const;

  const RunPlan& plan_;
  const Place place_;
  const RunFolder& folder_;
  const CorePlan& cores_;
  IdleProcess* const idle_process_;
  Progress& progress_;
  const Context ctx_;
  Companion* const companion_;
  // Not of an arm that is expected to leak: it would no longer be found to.
  const std::optional<Allowlist> baseline_;
  const TimePoint began_ = SteadyClock().now();
  const std::chrono::sys_days today_ =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());

  RepetitionReport report_;
  LoadResult all_rounds_;
  ConnectResult connected_;
  std::vector<Acceptance> acceptances_;  // by round
  std::optional<TaskProfile> profile_baseline_, full_profile_baseline_;
  TargetGroup target_;
  std::optional<TargetProcesses> processes_;
  ResponseMeter meter_;
  std::optional<Sampler> sampler_;  // the last: its thread uses the two above
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_REPETITION_H_
