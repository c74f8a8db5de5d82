#include "harness/verdict/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "harness/verdict/examine.h"

namespace leakbench {
namespace {

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

Verdict verdict_of(Findings findings, std::string reason) {
  Verdict verdict;
  verdict.verdict_class = findings.verdict_class;
  verdict.reason = std::move(reason);
  verdict.strength = findings.strength;
  verdict.growth_per_round = findings.growth_per_round;
  verdict.growth_per_round_lower_bound = findings.growth_per_round_lower_bound;
  verdict.growth_p = findings.growth_p;
  verdict.leaked_tasks_per_request = findings.leaked_tasks_per_request;
  verdict.bytes_per_leaked_task = findings.bytes_per_leaked_task;
  verdict.smallest_visible_rate = findings.smallest_visible_rate;
  verdict.sites = std::move(findings.sites);
  return verdict;
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
  const Findings together = median_of(all);
  const std::string first = sentence(all.front(), 1);
  const bool all_say_the_same = std::all_of(
      all.begin(), all.end(), [&](const Findings& f) { return sentence(f, 1) == first; });
  if (all_say_the_same || agreed == VerdictClass::kInconclusive) return verdict_of(together, first);
  return verdict_of(together, sentence(together, all.size()));
}

bool wants_another_round(const RepetitionEvidence& repetition) {
  return examine(repetition, std::chrono::nanoseconds(0)).more_rounds_tell;
}

}  // namespace leakbench
