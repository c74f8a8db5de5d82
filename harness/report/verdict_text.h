#ifndef LEAKBENCH_HARNESS_REPORT_VERDICT_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_VERDICT_TEXT_H_

#include <string>
#include <string_view>

#include "harness/report/summary.h"
#include "harness/report/text_style.h"

namespace leakbench {

// One verdict in words, without a line feed: "without-context: lingering, as expected. 20,000 tasks
// were alive at the last response; all had ended 5.1 s later."
std::string verdict_sentence(std::string_view arm, const VerdictReport& report, Colour colour);

// What the harness got wrong about a planted leak, without a line feed: "harness broken: ...".
std::string control_failure_sentence(std::string_view failure, Colour colour);

// A line for every arm of the summary, and one for every control failure.
std::string verdict_text(const Summary& summary, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_VERDICT_TEXT_H_
