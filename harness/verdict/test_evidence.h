// Builders of evidence for the tests of this folder.
#ifndef LEAKBENCH_HARNESS_VERDICT_TEST_EVIDENCE_H_
#define LEAKBENCH_HARNESS_VERDICT_TEST_EVIDENCE_H_

#include <utility>
#include <vector>

#include "harness/verdict/evidence.h"

namespace leakbench::test_evidence {

inline RoundEvidence round_with(std::int64_t at_last_response, std::int64_t at_linger_check,
                                std::int64_t settled) {
  RoundEvidence round;
  round.live_tasks_at_last_response = at_last_response;
  round.live_tasks_at_linger_check = at_linger_check;
  round.live_tasks_settled = settled;
  round.requests_sent = 20000;
  round.requests_answered = 20000;
  return round;
}

inline RepetitionEvidence repetition(std::int64_t baseline, std::vector<RoundEvidence> rounds) {
  RepetitionEvidence repetition;
  repetition.live_tasks_baseline = baseline;
  repetition.rounds = std::move(rounds);
  return repetition;
}

// Rounds whose tasks stay from the last response on: what leaks, or is a residue.
inline RepetitionEvidence growing_repetition(std::int64_t baseline,
                                             const std::vector<std::int64_t>& settled) {
  std::vector<RoundEvidence> rounds;
  for (std::int64_t count : settled) rounds.push_back(round_with(count, count, count));
  return repetition(baseline, std::move(rounds));
}

// Linger check after 1 s, settle window of 7 s.
inline VariantEvidence variant(std::vector<RepetitionEvidence> repetitions) {
  VariantEvidence variant;
  variant.linger_after = std::chrono::seconds(1);
  variant.settle_window = std::chrono::seconds(7);
  variant.repetitions = std::move(repetitions);
  return variant;
}

}  // namespace leakbench::test_evidence

#endif  // LEAKBENCH_HARNESS_VERDICT_TEST_EVIDENCE_H_
