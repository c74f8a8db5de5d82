// summary.json read back. Inside this module: other modules read whole runs (run_reader.h).
#ifndef LEAKBENCH_HARNESS_REPORT_SUMMARY_READER_H_
#define LEAKBENCH_HARNESS_REPORT_SUMMARY_READER_H_

#include <filesystem>

#include "harness/report/run_report.h"
#include "harness/report/summary.h"

namespace leakbench {

// The summary in `file`, once it agrees with itself and with `run`. Throws as run_reader.h says.
Summary read_summary(const std::filesystem::path& file, const RunReport& run);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SUMMARY_READER_H_
