#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "harness/verdict/findings.h"
#include "harness/verdict/growth.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

using std::chrono::nanoseconds;

std::string seconds(nanoseconds duration) {
  return humanise_ns(static_cast<double>(duration.count()), 2);
}

// "20,000 tasks", with a baseline "20,000 tasks above the baseline of 3".
std::string tasks(std::int64_t count, std::int64_t baseline) {
  const std::string text = count == 0 ? "no task" : humanise_tasks(static_cast<double>(count));
  if (baseline == 0) return text;
  return fmt::format("{} above the baseline of {}", text,
                     humanise_count(static_cast<double>(baseline)));
}

std::string_view is_or_are(std::int64_t count) { return count == 1 ? "is" : "are"; }

// Whether there is no task that the sentence of a clean variant could count.
bool names_no_task(const Findings& f) {
  return f.verdict_class == VerdictClass::kClean && f.largest_residue == 0 &&
         f.at_last_response.value_or(0) == 0;
}

// "no task", with accepted ones "no task but the 2,500 that are accepted".
std::string no_task(const Findings& f) {
  if (f.accepted == 0) return tasks(0, f.baseline);
  const std::string count = humanise_count(static_cast<double>(f.accepted));
  return tasks(0, f.baseline) +
         (f.rounds > 1 ? fmt::format(" but accepted ones ({} in the last)", count)
                       : fmt::format(" but the {} that {} accepted", count, is_or_are(f.accepted)));
}

std::string_view were(std::int64_t count) { return count <= 1 ? "was" : "were"; }

// What the evidence could have shown; "" when the requests were not counted.
std::string visible(const Findings& f) {
  if (!f.smallest_visible_rate) return "";
  const double requests = std::round(1 / *f.smallest_visible_rate);
  return requests == 1 ? "; 1 leaked task per request would have shown"
                       : fmt::format("; 1 leaked task in {} requests would have shown",
                                     humanise_count(requests));
}

std::string clean_counts(const Findings& f, nanoseconds linger_after) {
  if (f.largest_residue > 0) {
    const bool grew = f.growth_per_round.value_or(0) > 0;
    return fmt::format("at most {} outlived a settle window, and their number {} over {} rounds",
                       tasks(f.largest_residue, f.baseline),
                       grew ? "did not go on growing" : "did not grow", f.rounds);
  }
  const std::string where = f.rounds > 1 ? fmt::format("in each of {} rounds ", f.rounds) : "";
  const std::int64_t at_last_response = f.at_last_response.value_or(0);
  if (names_no_task(f)) {
    return fmt::format("{}{} was alive {} after the last response", where, no_task(f),
                       seconds(linger_after));
  }
  return fmt::format("{}{}{} {} alive at the last response and none {} later", where,
                     f.rounds > 1 ? "at most " : "", tasks(at_last_response, f.baseline),
                     were(at_last_response), seconds(linger_after));
}

std::string clean(const Findings& f, nanoseconds linger_after) {
  return clean_counts(f, linger_after) + visible(f);
}

std::string worst_round(const Findings& f) {
  return f.rounds > 1 ? fmt::format("in the worst of {} rounds ", f.rounds) : "";
}

std::string lingering(const Findings& f, nanoseconds linger_after, nanoseconds settle_window) {
  const std::string all = f.largest_residue > 0
                              ? fmt::format("all but a residue of {} that does not grow",
                                            humanise_count(static_cast<double>(f.largest_residue)))
                              : "all";
  // The reading at the last response may be missing, or be too early to see what came after it.
  if (f.at_last_response.value_or(0) < f.at_linger_check) {
    const std::string ended = f.drain_time ? fmt::format("{} after it", seconds(*f.drain_time))
                                           : fmt::format("within {} of it", seconds(settle_window));
    return fmt::format("{}{} {} alive {} after the last response; {} had ended {}", worst_round(f),
                       tasks(f.at_linger_check, f.baseline), were(f.at_linger_check),
                       seconds(linger_after), all, ended);
  }
  const std::string ended = f.drain_time ? fmt::format("{} later", seconds(*f.drain_time))
                                         : fmt::format("within {}", seconds(settle_window));
  return fmt::format("{}{} {} alive at the last response; {} had ended {}", worst_round(f),
                     tasks(*f.at_last_response, f.baseline), were(*f.at_last_response), all, ended);
}

// "; that is 1.5 tasks per 1,000 requests, of 4.1 KiB each"; "" without a rate.
std::string rate(const Findings& f) {
  if (!f.leaked_tasks_per_request || *f.leaked_tasks_per_request <= 0) return "";
  const double per_thousand = *f.leaked_tasks_per_request * 1000;
  std::string text =
      fmt::format("; that is {} {} per 1,000 requests", humanise_number(per_thousand),
                  per_thousand == 1 ? "task" : "tasks");
  if (f.bytes_per_leaked_task) {
    text += fmt::format(", of {} each", humanise_bytes(*f.bytes_per_leaked_task));
  }
  return text;
}

std::string proven(const Findings& f) {
  if (f.strength != EvidenceStrength::kProven || f.proven <= 0) return "";
  return fmt::format("; of {} the target has proven that nothing can ever wake {}",
                     humanise_tasks(static_cast<double>(f.proven)), f.proven == 1 ? "it" : "them");
}

std::string left_over(const Findings& f, nanoseconds settle_window) {
  return fmt::format(
      "{}{} {} still alive {} after the last response, when the settle window closed",
      worst_round(f), tasks(f.largest_residue, f.baseline), were(f.largest_residue),
      seconds(settle_window));
}

std::string growth(const Findings& f) {
  const std::string surely =
      f.growth_per_round_lower_bound && f.strength != EvidenceStrength::kSuspected
          ? fmt::format(" (with 95 % confidence by {} or more)",
                        humanise_number(*f.growth_per_round_lower_bound))
          : "";
  return fmt::format(
      "tasks alive when the settle window closed grew by {} per round{} over {} rounds, to {}",
      humanise_number(*f.growth_per_round), surely, f.rounds, tasks(f.last_residue, f.baseline));
}

std::string leaking(const Findings& f, nanoseconds settle_window) {
  const bool few = f.rounds < kRoundsThatExcuseAResidue || f.growth_per_round.value_or(0) <= 0;
  const std::string counts = few ? left_over(f, settle_window) : growth(f);
  const std::string weak =
      f.strength == EvidenceStrength::kSuspected
          ? fmt::format("; this is suspected only, as growth takes {} rounds to show",
                        kRoundsThatShowGrowth)
          : "";
  return counts + rate(f) + proven(f) + weak;
}

std::string body_of(const Findings& f, nanoseconds linger_after, nanoseconds settle_window) {
  switch (f.verdict_class) {
    case VerdictClass::kClean:
      return clean(f, linger_after);
    case VerdictClass::kLingering:
      return lingering(f, linger_after, settle_window);
    case VerdictClass::kLeaking:
      return leaking(f, settle_window);
    case VerdictClass::kInconclusive:
      break;
  }
  return f.why_inconclusive;
}

}  // namespace

std::string reason_sentence(const Findings& findings, nanoseconds linger_after,
                            nanoseconds settle_window, std::size_t medians_of) {
  std::string text = body_of(findings, linger_after, settle_window);
  if (findings.verdict_class == VerdictClass::kInconclusive) return text;
  if (findings.fell_below_baseline) {
    text += fmt::format("; counts fell below the baseline of {}, which was thus too high",
                        humanise_count(static_cast<double>(findings.baseline)));
  }
  if (findings.accepted > 0 && !names_no_task(findings)) {
    text += fmt::format("; {} that {} accepted {} not counted",
                        humanise_tasks(static_cast<double>(findings.accepted)),
                        is_or_are(findings.accepted), is_or_are(findings.accepted));
  }
  if (text.front() >= 'a' && text.front() <= 'z') text.front() += 'A' - 'a';
  if (medians_of > 1) text += fmt::format(" (medians of {} repetitions)", medians_of);
  return text + ".";
}

}  // namespace leakbench
