// Verdicts from counts of live tasks. Pure: no I/O, no clock, safe from any thread.
//
// For each repetition, with every count taken above the baseline (a fall below it counts as zero):
//   inconclusive  the target failed, no request was answered, or a count that decides was not
//                 measured
//   leaking       one or two rounds: a task is alive when the settle window closes;
//                 three or more: the counts at that moment grow by at least one task per round
//                 (Theil-Sen slope) and the last one is above the baseline
//   lingering     otherwise, a task is alive at the linger check that is gone when the window
//   closes clean         otherwise; a residue that stays but does not grow over three or more
//   rounds (a
//                 pool, a cache refresher) is named in the reason
// Latency, memory and CPU are no evidence: they do not tell the variants apart reliably.
#ifndef LEAKBENCH_HARNESS_VERDICT_JUDGE_H_
#define LEAKBENCH_HARNESS_VERDICT_JUDGE_H_

#include "harness/verdict/evidence.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

// All repetitions agree: their class, with medians in the reason. They do not: inconclusive, and
// the reason says how many were of which class. A single repetition is judged by passing it alone.
Verdict judge(const VariantEvidence& evidence);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_JUDGE_H_
