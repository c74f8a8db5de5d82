#ifndef LEAKBENCH_HARNESS_REPORT_TABLE_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_TABLE_TEXT_H_

#include <string>

#include "harness/report/summary.h"
#include "harness/report/text_style.h"

namespace leakbench {

// The title line "SCENARIO · HEADLINE" and the rows of the summary's table under its arms,
// their changes and the published figures; "n/a" for what was not measured. Lines end with a line
// feed and have no blanks at their end. The published column is left out when nothing was
// published.
std::string table_text(const Summary& summary, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_TABLE_TEXT_H_
