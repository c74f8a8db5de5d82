#include <fmt/format.h>

#include <string_view>

#include "harness/verdict/findings.h"
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

std::string_view were(std::int64_t count) { return count <= 1 ? "was" : "were"; }

std::string clean(const Findings& f, nanoseconds linger_after) {
  if (f.largest_residue > 0) {
    return fmt::format(
        "at most {} outlived a settle window, and their number did not grow over {} rounds",
        tasks(f.largest_residue, f.baseline), f.rounds);
  }
  const std::string where = f.rounds > 1 ? fmt::format("in each of {} rounds ", f.rounds) : "";
  const std::int64_t at_last_response = f.at_last_response.value_or(0);
  if (at_last_response == 0) {
    return fmt::format("{}{} was alive {} after the last response", where, tasks(0, f.baseline),
                       seconds(linger_after));
  }
  return fmt::format("{}{}{} {} alive at the last response and none {} later", where,
                     f.rounds > 1 ? "at most " : "", tasks(at_last_response, f.baseline),
                     were(at_last_response), seconds(linger_after));
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

std::string leaking(const Findings& f, nanoseconds settle_window) {
  if (f.rounds < kRoundsThatShowGrowth) {
    return fmt::format(
        "{}{} {} still alive {} after the last response, when the settle window closed",
        worst_round(f), tasks(f.largest_residue, f.baseline), were(f.largest_residue),
        seconds(settle_window));
  }
  return fmt::format(
      "tasks alive when the settle window closed grew by {} per round over {} rounds, to {}",
      humanise_number(f.growth_per_round), f.rounds, tasks(f.last_residue, f.baseline));
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
  if (text.front() >= 'a' && text.front() <= 'z') text.front() += 'A' - 'a';
  if (medians_of > 1) text += fmt::format(" (medians of {} repetitions)", medians_of);
  return text + ".";
}

}  // namespace leakbench
