// A load on its own against a server that runs already: preflight, connect, warm up, measure.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_

#include <string>

#include "harness/load/load_generator.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_result.h"
#include "harness/report/load_report.h"
#include "harness/run/status_line.h"
#include "runtime/context/context.h"

namespace leakbench {

struct LoadRun {
  std::string url;
  LoadPlan plan;
  GeneratorSetup setup;
  Duration warm_up{};  // 0: none
  ProgressStyle progress = ProgressStyle::kQuiet;
};

// On a thread that is not a worker. Ends in order once `ctx` is done: the report then covers what
// was done until then. Throws Error for a plan that can't be, a machine that is unfit, and
// (kIncomplete) a target to which no connection could be opened.
LoadReport run_load(const LoadRun& run, Context ctx);

// Fills in what the generator counted. Pure.
void add_result(const LoadResult& result, const LoadPlan& plan, LoadReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_
