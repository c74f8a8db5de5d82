// A run: all blocks of a plan, one repetition after the other, into one folder of results.
#ifndef LEAKBENCH_HARNESS_RUN_RUNNER_H_
#define LEAKBENCH_HARNESS_RUN_RUNNER_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/run_report.h"
#include "harness/report/summary.h"
#include "harness/run/progress.h"
#include "harness/run/run_plan.h"
#include "runtime/context/context.h"

namespace leakbench {

struct RunSettings {
  std::filesystem::path out;      // the folder that run folders are made in
  std::vector<std::string> argv;  // for the report
  std::string tool_version;
  ProgressStyle progress = ProgressStyle::kLines;
};

struct RunOutcome {
  std::filesystem::path folder;
  Summary summary;
  std::vector<ProfileReport> profiles;
  std::optional<Error> failure;  // what ended the run early, if that was not `ctx`
};

// Runs the plan on the calling thread, which must outlive the run: the servers die with it. The
// first repetition that fails ends the run, and so does a done `ctx`; what is finished by then is
// on disk, summarised. Errors of the results folder are thrown, and so is everything that is found
// unfit before the first server starts, or that the first server refuses: that leaves no folder.
RunOutcome run_plan(const RunPlan& plan, const RunSettings& settings, const Context& ctx);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_RUNNER_H_
