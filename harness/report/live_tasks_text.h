#ifndef LEAKBENCH_HARNESS_REPORT_LIVE_TASKS_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_LIVE_TASKS_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/repetition_report.h"
#include "harness/report/sample_file.h"
#include "harness/report/text_style.h"

namespace leakbench {

struct RepetitionTimeline {
  RepetitionReport report;
  std::vector<LiveTasksSample> samples;
};

// The live tasks of every arm over time as a line of block characters, all on one scale of tasks
// and one of time, from the first request to the end of the last round, under a line that gives
// both. Of an arm's repetitions the one whose mean is the median of theirs is shown. Empty when no
// repetition has counted its tasks.
std::string live_tasks_text(const std::vector<std::string>& arms,
                            const std::vector<RepetitionTimeline>& repetitions, std::size_t cells,
                            Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LIVE_TASKS_TEXT_H_
