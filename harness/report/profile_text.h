#ifndef LEAKBENCH_HARNESS_REPORT_PROFILE_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_PROFILE_TEXT_H_

#include <string>
#include <vector>

#include "harness/report/profile_report.h"
#include "harness/report/text_style.h"

namespace leakbench {

// One paragraph per profile: what it shows of which arm, its first functions, and its file. Empty
// when none was asked for. Profiles of repetitions that did not end well are left out.
std::string profile_text(const std::vector<ProfileReport>& reports, Colour colour);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_PROFILE_TEXT_H_
