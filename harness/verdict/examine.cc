#include "harness/verdict/examine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "harness/verdict/growth.h"
#include "harness/verdict/humanise.h"
#include "harness/verdict/median.h"
#include "harness/verdict/site_growth.h"
#include "harness/verdict/theil_sen.h"

namespace leakbench {
namespace {

using std::chrono::nanoseconds;

std::string target_failed_sentence(std::string_view failure) {
  while (failure.ends_with('.') || failure.ends_with('\n')) failure.remove_suffix(1);
  return failure.empty() ? "The target failed." : fmt::format("The target failed: {}.", failure);
}

// "" when at least one request was answered.
std::string unanswered_sentence(const std::vector<RoundEvidence>& rounds) {
  std::int64_t sent = 0;
  std::int64_t answered = 0;
  bool sent_measured = true;
  bool answered_measured = true;
  for (const RoundEvidence& round : rounds) {
    sent += round.requests_sent.value_or(0);
    answered += round.requests_answered.value_or(0);
    sent_measured = sent_measured && round.requests_sent.has_value();
    answered_measured = answered_measured && round.requests_answered.has_value();
  }
  if (answered > 0) return "";
  if (!answered_measured) return "It was not measured whether any request was answered.";
  if (!sent_measured) return "No request was answered.";
  return fmt::format("None of {} requests was answered.",
                     humanise_count(static_cast<double>(sent)));
}

// "" when no task is known to have died of an exception.
std::string died_sentence(const std::vector<RoundEvidence>& rounds) {
  const std::int64_t died = rounds.back().unhandled_exceptions.value_or(0);
  if (died == 0) return "";
  return fmt::format(
      "{} died of an exception before {} could outlive anything; see the server's log.",
      humanise_tasks(static_cast<double>(died)), died == 1 ? "it" : "they");
}

std::int64_t above(std::int64_t count, std::int64_t baseline) {
  return std::max<std::int64_t>(count - baseline, 0);
}

// Tasks above the baseline when the settle window closed; nullopt when that is not known.
std::optional<std::int64_t> residue_of(const RoundEvidence& round, std::int64_t baseline) {
  if (round.live_tasks_settled) return above(*round.live_tasks_settled, baseline);
  if (round.drained.value_or(false)) return 0;
  return std::nullopt;
}

// The number of the first round whose settled count is not known, 0 when all are.
std::size_t read_residues(const RepetitionEvidence& repetition, Findings& findings,
                          std::vector<double>& settled) {
  for (const RoundEvidence& round : repetition.rounds) {
    const auto residue = residue_of(round, findings.baseline);
    if (!residue) return settled.size() + 1;
    const std::int64_t count = round.live_tasks_settled.value_or(findings.baseline);
    settled.push_back(static_cast<double>(count));
    findings.fell_below_baseline = findings.fell_below_baseline || count < findings.baseline;
    findings.largest_residue = std::max(findings.largest_residue, *residue);
    findings.last_residue = *residue;
    findings.accepted = round.accepted;
  }
  return 0;
}

std::int64_t proven_among(const std::vector<SiteEvidence>& sites) {
  std::int64_t proven = 0;
  for (const SiteEvidence& site : sites) proven += site.proven ? site.live : 0;
  return proven;
}

std::int64_t read_proven(const RepetitionEvidence& repetition) {
  const std::int64_t before = proven_among(repetition.sites_baseline);
  std::int64_t most = 0;
  for (const RoundEvidence& round : repetition.rounds) {
    most = std::max(most, proven_among(round.sites) - before);
  }
  return most;
}

// Of a round, in the middle; nullopt when a round's requests were not counted.
std::optional<double> requests_per_round(const RepetitionEvidence& repetition) {
  std::vector<double> requests;
  for (const RoundEvidence& round : repetition.rounds) {
    const auto& sent = round.requests_sent ? round.requests_sent : round.requests_answered;
    if (!sent || *sent <= 0) return std::nullopt;
    requests.push_back(static_cast<double>(*sent));
  }
  return median(std::move(requests));
}

std::optional<double> bytes_per_task(const RepetitionEvidence& repetition) {
  std::vector<Point> points;
  for (const RoundEvidence& round : repetition.rounds) {
    if (!round.live_tasks_settled || !round.heap_in_use_settled) continue;
    points.push_back({static_cast<double>(*round.live_tasks_settled),
                      static_cast<double>(*round.heap_in_use_settled)});
  }
  if (points.size() < kRoundsThatExcuseAResidue) return std::nullopt;
  const auto slope = theil_sen_slope(points);
  return slope && *slope > 0 ? slope : std::nullopt;
}

// What was measured, whatever the verdict. A single task left over shows in one or two rounds; in
// more it takes one in each.
void read_numbers(const RepetitionEvidence& repetition, const Growth& growth, Findings& findings) {
  findings.growth_per_round = growth.per_round;
  findings.growth_per_round_lower_bound = growth.lower_bound;
  findings.growth_p = growth.p;
  if (const auto requests = requests_per_round(repetition)) {
    const bool each_counts = findings.rounds >= kRoundsThatExcuseAResidue;
    findings.smallest_visible_rate =
        1 / (each_counts ? *requests : *requests * static_cast<double>(findings.rounds));
  }
  findings.sites = site_growths(repetition);
}

void read_leak(const RepetitionEvidence& repetition, Findings& findings) {
  findings.bytes_per_leaked_task = bytes_per_task(repetition);
  const auto requests = requests_per_round(repetition);
  if (!requests) return;
  if (findings.rounds >= kRoundsThatExcuseAResidue) {
    findings.leaked_tasks_per_request = std::max(*findings.growth_per_round, 0.0) / *requests;
    return;
  }
  findings.leaked_tasks_per_request = static_cast<double>(findings.largest_residue) /
                                      (*requests * static_cast<double>(findings.rounds));
}

// nullopt: nothing says that the target leaks.
std::optional<EvidenceStrength> leak_strength(const Findings& findings, const Growth& growth) {
  if (findings.proven > 0) return EvidenceStrength::kProven;
  if (findings.rounds < kRoundsThatExcuseAResidue) {
    return findings.largest_residue > 0 ? std::optional(EvidenceStrength::kSuspected)
                                        : std::nullopt;
  }
  if (findings.last_residue == 0) return std::nullopt;
  if (growth.sign == GrowthSign::kGrows) return EvidenceStrength::kGrowing;
  if (growth.sign == GrowthSign::kUnclear && findings.rounds < kRoundsThatShowGrowth) {
    return EvidenceStrength::kSuspected;
  }
  return std::nullopt;
}

// Why growth that is no leak yet is not harmless either; "" when there is none.
std::string unclear_growth_sentence(const RepetitionEvidence& repetition, const Findings& findings,
                                    const Growth& growth) {
  if (findings.rounds < kRoundsThatShowGrowth) return "";
  const std::string over = fmt::format("over {} rounds", findings.rounds);
  if (growth.sign == GrowthSign::kGrows) {
    return fmt::format(
        "Tasks alive when the settle window closed grew by {} per round {}, but are not above the "
        "baseline of {} yet; more rounds tell.",
        humanise_number(*growth.per_round), over,
        humanise_count(static_cast<double>(findings.baseline)));
  }
  if (growth.sign == GrowthSign::kUnclear && findings.last_residue > 0) {
    return fmt::format(
        "Tasks alive when the settle window closed grew to {} above the baseline {}, too little, "
        "too "
        "unevenly or too slowly at the end to tell a leak from a pool that fills; more rounds "
        "tell.",
        humanise_count(static_cast<double>(findings.last_residue)), over);
  }
  if (const auto site = growth_of_fastest_site(repetition)) {
    return fmt::format(
        "Live tasks did not grow in all {}, but those of one place grew by {} per round while "
        "others became fewer; more rounds tell.",
        over, humanise_number(*site));
  }
  return "";
}

// The number of the first round whose linger check is missing, unless as many others have theirs to
// make up for those that have none; else 0.
std::size_t missing_linger_check(const std::vector<RoundEvidence>& rounds) {
  const auto is_missing = [](const RoundEvidence& round) {
    return !round.live_tasks_at_linger_check.has_value();
  };
  const auto missing = std::count_if(rounds.begin(), rounds.end(), is_missing);
  if (2 * missing <= std::ssize(rounds)) return 0;
  const auto first = std::find_if(rounds.begin(), rounds.end(), is_missing);
  return static_cast<std::size_t>(first - rounds.begin()) + 1;
}

void read_worst_round(const RepetitionEvidence& repetition, Findings& findings) {
  std::int64_t most_at_last_response = -1;
  findings.at_linger_check = -1;
  for (const RoundEvidence& round : repetition.rounds) {
    if (!round.live_tasks_at_linger_check) continue;
    // A residue that does not grow has not been started by this round's requests.
    const std::int64_t stays = findings.baseline + *residue_of(round, findings.baseline);
    const std::int64_t lingering = above(*round.live_tasks_at_linger_check, stays);
    std::optional<std::int64_t> at_last_response;
    if (round.live_tasks_at_last_response) {
      at_last_response = above(*round.live_tasks_at_last_response, findings.baseline);
    }
    const std::int64_t ranked = at_last_response.value_or(-1);
    if (lingering < findings.at_linger_check) continue;
    if (lingering == findings.at_linger_check && ranked <= most_at_last_response) continue;
    findings.at_linger_check = lingering;
    findings.at_last_response = at_last_response;
    findings.drain_time = round.drain_time;
    most_at_last_response = ranked;
  }
}

void judge_what_ended(const RepetitionEvidence& repetition, nanoseconds linger_after,
                      Findings& findings) {
  findings.why_inconclusive = died_sentence(repetition.rounds);
  if (!findings.why_inconclusive.empty()) return;
  if (const std::size_t missing = missing_linger_check(repetition.rounds); missing > 0) {
    findings.why_inconclusive =
        fmt::format("Live tasks were not measured {} after the last response of round {}.",
                    humanise_ns(static_cast<double>(linger_after.count()), 2), missing);
    findings.more_rounds_tell = true;
    return;
  }
  read_worst_round(repetition, findings);
  findings.verdict_class =
      findings.at_linger_check > 0 ? VerdictClass::kLingering : VerdictClass::kClean;
  findings.leaked_tasks_per_request = 0;
}

// Why nothing can be judged; "" when it can.
std::string missing_evidence_sentence(const RepetitionEvidence& repetition) {
  if (repetition.target_failed) return target_failed_sentence(repetition.failure);
  if (repetition.rounds.empty()) return "No round was completed.";
  if (auto why = unanswered_sentence(repetition.rounds); !why.empty()) return why;
  return repetition.live_tasks_baseline ? ""
                                        : "Nothing counted the live tasks before the load: the "
                                          "metrics source is none, or did not answer.";
}

}  // namespace

Findings examine(const RepetitionEvidence& repetition, nanoseconds linger_after) {
  Findings findings;
  findings.why_inconclusive = missing_evidence_sentence(repetition);
  if (!findings.why_inconclusive.empty()) return findings;

  findings.rounds = repetition.rounds.size();
  findings.baseline = *repetition.live_tasks_baseline;
  std::vector<double> settled;
  if (const std::size_t missing = read_residues(repetition, findings, settled); missing > 0) {
    findings.why_inconclusive = fmt::format(
        "Live tasks were not measured at the end of the settle window of round {}.", missing);
    return findings;
  }
  const Growth growth = growth_of(settled);
  findings.proven = read_proven(repetition);
  read_numbers(repetition, growth, findings);
  if (const auto strength = leak_strength(findings, growth)) {
    findings.verdict_class = VerdictClass::kLeaking;
    findings.strength = *strength;
    findings.more_rounds_tell = *strength == EvidenceStrength::kGrowing
                                    ? growth.slows_down
                                    : *strength == EvidenceStrength::kSuspected &&
                                          findings.rounds >= kRoundsThatExcuseAResidue;
    read_leak(repetition, findings);
    return findings;
  }
  findings.why_inconclusive = unclear_growth_sentence(repetition, findings, growth);
  findings.more_rounds_tell = !findings.why_inconclusive.empty();
  if (!findings.more_rounds_tell) judge_what_ended(repetition, linger_after, findings);
  return findings;
}

}  // namespace leakbench
