// One repetition (or the medians of several that agree) reduced to the numbers that its reason
// sentence speaks of. Between judge.cc and reason.cc only.
#ifndef LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_
#define LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/verdict/verdict.h"

namespace leakbench {

// Below this number of rounds growth cannot be told from a one-off residue.
inline constexpr std::size_t kRoundsThatShowGrowth = 3;

struct Findings {
  VerdictClass verdict_class = VerdictClass::kInconclusive;
  std::string why_inconclusive;  // the whole sentence; the numbers below are unset then

  std::size_t rounds = 0;
  std::int64_t baseline = 0;
  // Tasks above the baseline, of the worst round: that with the most tasks at the linger check.
  std::optional<std::int64_t> at_last_response;
  std::int64_t at_linger_check = 0;
  std::optional<std::chrono::nanoseconds> drain_time;
  // Tasks above the baseline when the settle window closed: the most of any round, and the last.
  std::int64_t largest_residue = 0;
  std::int64_t last_residue = 0;
  double growth_per_round = 0;
};

// The sentence, capitalised, with its full stop. `medians_of` > 1 tells the reader that the numbers
// are medians of so many repetitions.
std::string reason_sentence(const Findings& findings, std::chrono::nanoseconds linger_after,
                            std::chrono::nanoseconds settle_window, std::size_t medians_of = 1);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_
