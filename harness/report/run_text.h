#ifndef LEAKBENCH_HARNESS_REPORT_RUN_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_TEXT_H_

#include <string>
#include <vector>

#include "harness/report/live_tasks_text.h"
#include "harness/report/run_reader.h"
#include "harness/report/text_style.h"

namespace leakbench {

// A run for the terminal: table, verdicts, live tasks over time, leak sites, profiles,
// which run it is and what to know of it. `repetitions` are its complete ones. Of a run without a
// summary the verdict of each repetition is given.
std::string run_text(const RecordedRun& run, const std::vector<RepetitionTimeline>& repetitions,
                     Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_TEXT_H_
