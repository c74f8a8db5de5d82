#include "harness/verdict/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "harness/verdict/findings.h"
#include "harness/verdict/humanise.h"
#include "harness/verdict/median.h"
#include "harness/verdict/theil_sen.h"

namespace leakbench {
namespace {

using std::chrono::nanoseconds;

Findings inconclusive(std::string why) {
  Findings findings;
  findings.why_inconclusive = std::move(why);
  return findings;
}

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

// The settled counts decide whether the target leaks; false with `why_inconclusive` set when one of
// them is missing.
bool read_residues(const RepetitionEvidence& repetition, Findings& findings) {
  std::vector<Point> settled;
  for (const RoundEvidence& round : repetition.rounds) {
    const auto residue = residue_of(round, findings.baseline);
    if (!residue) {
      findings.why_inconclusive =
          fmt::format("Live tasks were not measured at the end of the settle window of round {}.",
                      settled.size() + 1);
      return false;
    }
    settled.push_back({static_cast<double>(settled.size() + 1),
                       static_cast<double>(round.live_tasks_settled.value_or(findings.baseline))});
    findings.largest_residue = std::max(findings.largest_residue, *residue);
    findings.last_residue = *residue;
  }
  findings.growth_per_round = theil_sen_slope(settled).value_or(0);
  return true;
}

bool is_leaking(const Findings& findings) {
  if (findings.rounds < kRoundsThatShowGrowth) return findings.largest_residue > 0;
  return findings.growth_per_round >= 1 && findings.last_residue > 0;
}

// The number of the first round whose linger check is missing, 0 when all are there.
std::size_t read_worst_round(const RepetitionEvidence& repetition, Findings& findings) {
  std::int64_t most_at_last_response = -1;
  findings.at_linger_check = -1;
  for (std::size_t i = 0; i < repetition.rounds.size(); ++i) {
    const RoundEvidence& round = repetition.rounds[i];
    if (!round.live_tasks_at_linger_check) return i + 1;
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
  return 0;
}

Findings examine(const RepetitionEvidence& repetition, nanoseconds linger_after) {
  if (repetition.target_failed) return inconclusive(target_failed_sentence(repetition.failure));
  if (repetition.rounds.empty()) return inconclusive("No round was completed.");
  if (auto why = unanswered_sentence(repetition.rounds); !why.empty()) return inconclusive(why);
  if (!repetition.live_tasks_baseline) {
    return inconclusive("Live tasks were not measured before the load.");
  }

  Findings findings;
  findings.rounds = repetition.rounds.size();
  findings.baseline = *repetition.live_tasks_baseline;
  if (!read_residues(repetition, findings)) return inconclusive(findings.why_inconclusive);
  if (is_leaking(findings)) {
    findings.verdict_class = VerdictClass::kLeaking;
    return findings;
  }
  if (auto why = died_sentence(repetition.rounds); !why.empty()) return inconclusive(why);
  if (const std::size_t missing = read_worst_round(repetition, findings); missing > 0) {
    return inconclusive(
        fmt::format("Live tasks were not measured {} after the last response of round {}.",
                    humanise_ns(static_cast<double>(linger_after.count()), 2), missing));
  }
  findings.verdict_class =
      findings.at_linger_check > 0 ? VerdictClass::kLingering : VerdictClass::kClean;
  return findings;
}

// Median of one number over those repetitions that have it.
template <typename Get>
std::optional<double> median_of(const std::vector<Findings>& all, Get get) {
  std::vector<double> values;
  for (const Findings& findings : all) {
    if (const std::optional<double> value = get(findings)) values.push_back(*value);
  }
  return median(std::move(values));
}

template <typename Number>
std::optional<double> as_double(const std::optional<Number>& value) {
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

Findings medians(const std::vector<Findings>& all) {
  const auto count = [&](std::int64_t Findings::*member) {
    return std::llround(
        *median_of(all, [&](const Findings& f) { return std::optional<double>(f.*member); }));
  };
  Findings result = all.front();
  result.baseline = count(&Findings::baseline);
  result.at_linger_check = count(&Findings::at_linger_check);
  result.largest_residue = count(&Findings::largest_residue);
  result.last_residue = count(&Findings::last_residue);
  result.growth_per_round =
      *median_of(all, [](const Findings& f) { return std::optional<double>(f.growth_per_round); });
  if (auto value =
          median_of(all, [](const Findings& f) { return as_double(f.at_last_response); })) {
    result.at_last_response = std::llround(*value);
  }
  if (auto value = median_of(all, [](const Findings& f) {
        return f.drain_time ? std::optional<double>(f.drain_time->count()) : std::nullopt;
      })) {
    result.drain_time = nanoseconds(std::llround(*value));
  }
  return result;
}

std::string disagreement_sentence(const std::vector<Findings>& all) {
  std::array<int, 4> counts{};
  for (const Findings& findings : all) ++counts[static_cast<std::size_t>(findings.verdict_class)];
  std::string classes;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    classes += fmt::format("{}{} {}", classes.empty() ? "" : ", ", counts[i],
                           verdict_class_name(static_cast<VerdictClass>(i)));
  }
  return fmt::format("The repetitions disagree: {}.", classes);
}

}  // namespace

Verdict judge(const VariantEvidence& evidence) {
  std::vector<Findings> all;
  for (const RepetitionEvidence& repetition : evidence.repetitions) {
    all.push_back(examine(repetition, evidence.linger_after));
  }
  if (all.empty()) return {VerdictClass::kInconclusive, "No repetition was completed."};

  const VerdictClass agreed = all.front().verdict_class;
  if (std::any_of(all.begin(), all.end(),
                  [&](const Findings& f) { return f.verdict_class != agreed; })) {
    return {VerdictClass::kInconclusive, disagreement_sentence(all)};
  }

  const auto sentence = [&](const Findings& findings, std::size_t medians_of) {
    return reason_sentence(findings, evidence.linger_after, evidence.settle_window, medians_of);
  };
  const std::string first = sentence(all.front(), 1);
  const bool all_say_the_same = std::all_of(
      all.begin(), all.end(), [&](const Findings& f) { return sentence(f, 1) == first; });
  if (all_say_the_same || agreed == VerdictClass::kInconclusive) return {agreed, first};
  return {agreed, sentence(medians(all), all.size())};
}

}  // namespace leakbench
