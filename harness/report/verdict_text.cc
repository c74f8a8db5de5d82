#include "harness/report/verdict_text.h"

#include <fmt/format.h>

namespace leakbench {
namespace {

std::string_view colour_of(const VerdictReport& report) {
  if (report.as_expected()) return kGreen;
  return report.verdict.verdict_class == VerdictClass::kInconclusive ? kYellow : kRed;
}

// "leaking (growing)"; the class alone where there is no strength.
std::string found_in_words(const Verdict& verdict) {
  const std::string name(verdict_class_name(verdict.verdict_class));
  if (verdict.strength == EvidenceStrength::kNone) return name;
  return fmt::format("{} ({})", name, evidence_strength_name(verdict.strength));
}

}  // namespace

std::string verdict_sentence(std::string_view arm, const VerdictReport& report, Colour colour) {
  const std::string found = found_in_words(report.verdict);
  const std::string judged =
      report.as_expected()
          ? fmt::format("{}, as expected", found)
          : fmt::format("{}, but {} was expected", found, verdict_class_name(report.expected));
  return fmt::format("{}: {}. {}", arm, styled(judged, colour_of(report), colour),
                     report.verdict.reason);
}

std::string control_failure_sentence(std::string_view failure, Colour colour) {
  return fmt::format("{}: {}", styled("harness broken", kRed, colour), failure);
}

std::string verdict_text(const Summary& summary, Colour colour) {
  std::string text;
  for (const ArmSummary& arm : summary.arms) {
    text += arm.repetitions.empty()
                ? fmt::format("{}: not measured, no repetition is complete\n", arm.name)
                : verdict_sentence(arm.name, arm.verdict, colour) + "\n";
  }
  for (const std::string& failure : summary.control_failures) {
    text += control_failure_sentence(failure, colour) + "\n";
  }
  return text;
}

}  // namespace leakbench
