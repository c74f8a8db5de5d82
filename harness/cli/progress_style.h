// How much a command tells while it runs.
#ifndef LEAKBENCH_HARNESS_CLI_PROGRESS_STYLE_H_
#define LEAKBENCH_HARNESS_CLI_PROGRESS_STYLE_H_

#include <unistd.h>

#include "harness/run/status_line.h"

namespace leakbench {

inline ProgressStyle progress_style(bool quiet) {
  if (quiet) return ProgressStyle::kQuiet;
  return ::isatty(STDERR_FILENO) != 0 ? ProgressStyle::kTerminal : ProgressStyle::kLines;
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_PROGRESS_STYLE_H_
