// Reads back what `leakbench run` has written, as far as a verdict and bounds on metrics need it.
#ifndef LEAKBENCH_HARNESS_REPORT_READ_RUN_H_
#define LEAKBENCH_HARNESS_REPORT_READ_RUN_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/leak_site.h"
#include "harness/report/metric_set.h"
#include "harness/report/verdict_report.h"

namespace leakbench {

struct FinishedArm {
  std::string name;
  std::size_t repetitions = 0;  // complete ones
  MetricSet medians;            // over them
  VerdictReport verdict;        // class, reason and strength; the numbers stay in the file
  std::vector<LeakSite> leak_sites;
  // Live tasks after settling, of the repetition that the leak sites are of.
  std::optional<double> settled_at_sites;
};

struct FinishedRun {
  std::string id;
  std::string scenario;
  bool complete = false;
  std::vector<std::string> problems;  // why it is not, one line each
  std::vector<FinishedArm> arms;
};

// The run in `folder`: run.json, summary.json and the repetitions that are complete. They must
// agree with one another, so that a figure changed by hand is seen.
//
// Throws Error of one line: kUsage when a file is missing, cut off, broken or disagrees;
// kIncomplete when the run ended before its summary was written; kNotComparable of a newer major
// version.
FinishedRun read_run(const std::filesystem::path& folder);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_READ_RUN_H_
