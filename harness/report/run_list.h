// The runs in a folder of results, as a table.
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_LIST_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_LIST_H_

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/run_reader.h"
#include "harness/report/text_style.h"

namespace leakbench {

struct RunList {
  std::vector<RecordedRun> runs;  // the oldest first
  std::vector<Error> broken;      // of folders that hold a run.json and cannot be read, by name
};

// Reads every folder in `parent` that has a run.json. Throws Error(kUsage) where `parent` is none.
RunList read_runs(const std::filesystem::path& parent);

// "complete", or "failed, 3 of 6 repetitions".
std::string progress_text(const RunReport& run);

// A line for each run under a header: folder, scenario, start, status, and the verdict of each arm
// with the expected one where it is another.
std::string run_list_text(const std::vector<RecordedRun>& runs, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_LIST_H_
