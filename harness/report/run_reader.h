// A run's folder read back, for commands that look at finished runs: what run_folder.h writes.
//
// All of them throw Error(ExitCode::kUsage) for a file that cannot be read, was not written to the
// end, does not follow its schema or contradicts another file of the run (as a file does that was
// edited by hand), and Error(ExitCode::kNotComparable) for one of a newer major version.
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_READER_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_READER_H_

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/report/repetition_report.h"
#include "harness/report/run_report.h"
#include "harness/report/summary.h"

namespace leakbench {

// Not in it: the numbers by site of a verdict, which are in no file.
struct RecordedRun {
  std::filesystem::path folder;
  RunReport report;                // but for `argv`, `seed`, `environment` and options
  std::optional<Summary> summary;  // a run that was cut short may have none
};

// Checks that the summary is of this run, of the arms and the repetitions that it lists, that its
// medians are those of its values, and its table and verdicts those of its arms.
RecordedRun read_run(const std::filesystem::path& folder);

// run.json of the folder alone.
RunReport read_run_report(const std::filesystem::path& folder);

// The file of a repetition that run.json lists; nullopt where it lists none. Not read are `target`,
// `load`, `processes` and the rounds' `pauses` and `counters`; `evidence` is in no file.
std::optional<RepetitionReport> read_repetition(const RecordedRun& run,
                                                const PlannedRepetition& planned);

// Those that are complete, in the order of the run. Checks that the summary's values and verdicts
// are theirs.
std::vector<RepetitionReport> read_complete_repetitions(const RecordedRun& run);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_READER_H_
