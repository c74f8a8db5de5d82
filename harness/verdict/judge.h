// Verdicts from counts of live tasks. Pure: no I/O, no clock, safe from any thread.
//
// For each repetition, with every count taken above the baseline (a fall below it counts as zero,
// and is named in the reason):
//   inconclusive  the target failed, no request was answered, or a count that decides was not
//                 measured; five or more rounds: the counts grow, but not as a leak must, or those
//                 of one site do while the sum does not
//   leaking       proven: the target itself has proven of more tasks than before the load that
//                 nothing can ever wake them;
//                 growing, of five or more rounds: the counts when the settle window closes grow
//                 (see growth.h), still do at the end, and the last one is above the baseline;
//                 suspected, of one or two rounds: a task is alive when the settle window closes;
//                 of three or four: the counts grow by one per round (Theil-Sen) and do so at the
//                 end
//   lingering     otherwise, a task is alive at the linger check that is gone when the window
//   closes clean         otherwise; a residue that stays but does not grow over three or more
//   rounds (a
//                 pool, a cache refresher) is named in the reason
// The baseline is never replaced by a smaller count that comes later: whether the larger one was an
// accident or a pool that is used again, one round does not tell; growth does.
// Latency, memory and CPU are no evidence: they do not tell the variants apart reliably.
#ifndef LEAKBENCH_HARNESS_VERDICT_JUDGE_H_
#define LEAKBENCH_HARNESS_VERDICT_JUDGE_H_

#include "harness/verdict/evidence.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

// All repetitions agree: their class, the strongest evidence of any, and the medians of their
// numbers. They do not: inconclusive without numbers, and the reason says how many were of which
// class. A single repetition is judged by passing it alone.
Verdict judge(const VariantEvidence& evidence);

// Whether one more round like those of `repetition` would tell what they do not: they grow too few,
// too unevenly or ever more slowly, or most of them were not looked at in time for what lingers.
// False of the growth of one or two rounds, of a proven leak, of growth that goes on evenly or has
// ended, and where any other thing was not measured.
bool wants_another_round(const RepetitionEvidence& repetition);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_JUDGE_H_
