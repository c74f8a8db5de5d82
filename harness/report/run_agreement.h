// That the summary of a run says what its repetitions say. Inside this module: other modules read
// whole runs (run_reader.h).
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_AGREEMENT_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_AGREEMENT_H_

#include <filesystem>
#include <vector>

#include "harness/report/repetition_report.h"
#include "harness/report/summary.h"

namespace leakbench {

// Throws Error(ExitCode::kUsage) with the place in `file`, the summary's, of the first value or
// verdict that is not the one of the complete repetitions.
void check_agreement(const std::filesystem::path& file, const Summary& summary,
                     const std::vector<RepetitionReport>& complete);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_AGREEMENT_H_
