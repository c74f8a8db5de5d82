// One repetition's evidence reduced to findings. Inside this module.
#ifndef LEAKBENCH_HARNESS_VERDICT_EXAMINE_H_
#define LEAKBENCH_HARNESS_VERDICT_EXAMINE_H_

#include <chrono>

#include "harness/verdict/evidence.h"
#include "harness/verdict/findings.h"

namespace leakbench {

// By the rules in judge.h.
Findings examine(const RepetitionEvidence& repetition, std::chrono::nanoseconds linger_after);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_EXAMINE_H_
