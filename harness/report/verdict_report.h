#ifndef LEAKBENCH_HARNESS_REPORT_VERDICT_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_VERDICT_REPORT_H_

#include "harness/verdict/verdict.h"

namespace leakbench {

// A verdict beside what the manifest expects. Inconclusive is never as expected.
struct VerdictReport {
  Verdict verdict;
  VerdictClass expected = VerdictClass::kClean;

  bool as_expected() const { return verdict.verdict_class == expected; }
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_VERDICT_REPORT_H_
