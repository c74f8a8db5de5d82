// A repetition of its own for one profile of one arm: the same target, warm-up, load and settle
// window as those that are timed, under a profiler.
#ifndef LEAKBENCH_HARNESS_RUN_PROFILE_REPETITION_H_
#define LEAKBENCH_HARNESS_RUN_PROFILE_REPETITION_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/profile_report.h"
#include "harness/report/repetition_report.h"
#include "harness/report/run_folder.h"
#include "harness/run/profile_source.h"
#include "harness/run/progress.h"
#include "harness/run/run_plan.h"
#include "harness/target/cores.h"
#include "runtime/context/context.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Those that the plan asks for, kind by kind and in the arms' order, numbered on from the
// repetitions.
std::vector<ProfileReport> planned_profiles(const RunPlan& plan);

// For how long CPU time is sampled: the longest round of the arm that is finished, from before its
// first connection, and a second more, in whole seconds; the settle window when there is none.
std::chrono::seconds profile_window(const RunPlan& plan,
                                    const std::vector<RepetitionReport>& finished,
                                    const std::string& arm);

// Runs once, on one thread that outlives it. What it refers to must too.
class ProfileRepetition {
 public:
  // `report` is one of planned_profiles().
  ProfileRepetition(const RunPlan& plan, const Arm& arm, std::chrono::seconds window,
                    const RunFolder& folder, const CorePlan& cores, Progress& progress, Context ctx,
                    ProfileReport report);

  // Fills report(), stores what the target gave and ends the target, whatever happens. Throws Error
  // when the target or the load fails or there is no profile to be had, Interrupted under a done
  // context. That no tool is there to read a profile is no error: the report then says so.
  void run();

  const ProfileReport& report() const { return report_; }

 private:
  void take_and_read();
  void store(ProfileMoment moment, std::string_view content);
  void read(const std::filesystem::path& file, std::string_view content, TakenProfile& taken);

  RunPlan plan_;
  Arm arm_;
  const std::chrono::seconds window_;
  const RunFolder& folder_;
  const CorePlan& cores_;
  Progress& progress_;
  const Context ctx_;
  const ProfileSource source_;
  ProfileReport report_;
  std::filesystem::path program_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PROFILE_REPETITION_H_
