// One repetition (or the medians of several that agree) reduced to the numbers that its verdict and
// its reason sentence speak of. Between examine.cc, judge.cc and reason.cc only.
#ifndef LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_
#define LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/verdict/verdict.h"

namespace leakbench {

struct Findings {
  VerdictClass verdict_class = VerdictClass::kInconclusive;
  EvidenceStrength strength = EvidenceStrength::kNone;
  std::string why_inconclusive;  // the whole sentence, of this class only
  // The counts grew in a way that more rounds would decide upon, or what they can make up for was
  // not measured.
  bool more_rounds_tell = false;

  std::size_t rounds = 0;
  std::int64_t baseline = 0;
  bool fell_below_baseline = false;
  // Tasks above the baseline, of the worst round: that with the most tasks at the linger check.
  std::optional<std::int64_t> at_last_response;
  std::int64_t at_linger_check = 0;
  std::optional<std::chrono::nanoseconds> drain_time;
  // Tasks above the baseline when the settle window closed: the most of any round, and the last.
  std::int64_t largest_residue = 0;
  std::int64_t last_residue = 0;
  std::int64_t accepted = 0;  // tasks that none of these counts has, after the last round
  std::int64_t proven = 0;    // above the baseline's, the most of any round
  // As in Verdict.
  std::optional<double> growth_per_round;
  std::optional<double> growth_per_round_lower_bound;
  std::optional<double> growth_p;
  std::optional<double> leaked_tasks_per_request;
  std::optional<double> bytes_per_leaked_task;
  std::optional<double> smallest_visible_rate;
  std::vector<SiteGrowth> sites;
};

// Number by number the median of those that have it. There is at least one, and all are of the same
// class.
Findings median_of(std::span<const Findings> all);

// The sentence, capitalised, with its full stop. `medians_of` > 1 tells the reader that the numbers
// are medians of so many repetitions.
std::string reason_sentence(const Findings& findings, std::chrono::nanoseconds linger_after,
                            std::chrono::nanoseconds settle_window, std::size_t medians_of = 1);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_FINDINGS_H_
