// A load on its own against a server that runs already: preflight, connect, warm up, measure.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_

#include <cstddef>
#include <filesystem>
#include <optional>
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
  std::size_t threads = 1;           // more where descriptors are too few for these
  std::optional<EngineKind> engine;  // empty: see preferred_engine()
  Duration warm_up{};                // 0: none
  // Files to write, each where it is given.
  std::optional<std::filesystem::path> request_log;  // each request: see RequestLog
  std::optional<std::filesystem::path> series;       // each interval: see IntervalSeries
  Duration interval = std::chrono::seconds(1);
  std::optional<std::filesystem::path> hgrm;  // percentiles of the response time
  ProgressStyle progress = ProgressStyle::kQuiet;
};

// On a thread that is not a worker. Ends in order once `ctx` is done: the report then covers what
// was done until then. Throws Error for a plan that can't be, a machine that is unfit, and
// (kIncomplete) a target to which no connection could be opened.
LoadReport run_load(const LoadRun& run, Context ctx);

// What makes such a load at the least cost: io_uring for 1,000 connections or more, where the
// system has it, and else epoll.
EngineKind preferred_engine(const LoadPlan& plan);

// Fills in what the generator counted. Pure.
void add_result(const LoadResult& result, const LoadPlan& plan, LoadReport& report);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_RUN_H_
