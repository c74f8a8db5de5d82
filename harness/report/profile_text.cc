#include "harness/report/profile_text.h"

#include <fmt/format.h>

#include "harness/report/text_columns.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

std::string amount(ProfileKind kind, std::int64_t value) {
  return kind == ProfileKind::kCpu ? humanise_ns(static_cast<double>(value))
                                   : humanise_bytes(static_cast<double>(value));
}

std::string share(std::int64_t value, std::int64_t total) {
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(value) / static_cast<double>(total));
}

// "CPU of without-context, over the round"
std::string title(const ProfileReport& report, const TakenProfile& taken) {
  switch (taken.moment) {
    case ProfileMoment::kRound:
      return fmt::format("CPU of {}, over the round", report.arm);
    case ProfileMoment::kLastResponse:
      return fmt::format("Live heap of {}, at the last response", report.arm);
    case ProfileMoment::kSettled:
      return fmt::format("Live heap of {}, after settling", report.arm);
  }
  return report.arm;
}

std::string function_rows(const ProfileReport& report, const FunctionProfile& top) {
  std::vector<std::vector<std::string>> rows{{"self", "", "with callees", "", "function"}};
  for (const ProfileFunction& function : top.functions) {
    rows.push_back({amount(report.kind, function.self), share(function.self, top.total),
                    amount(report.kind, function.with_callees),
                    share(function.with_callees, top.total), function.name});
  }
  std::string text;
  for (const std::string& line : align_columns(
           rows, {Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kLeft})) {
    text += "  " + line + "\n";
  }
  return text;
}

std::string paragraph(const ProfileReport& report, const TakenProfile& taken, Colour colour) {
  std::string text = styled(title(report, taken), kBold, colour);
  if (!taken.top) {
    return text + fmt::format("\n  {}: {}\n", taken.file, taken.problem.value_or("not read"));
  }
  text += fmt::format(": {} ({})\n", amount(report.kind, taken.top->total), taken.file);
  if (taken.top->functions.empty()) return text + "  no sample was taken\n";
  return text + function_rows(report, *taken.top);
}

}  // namespace

std::string profile_text(const std::vector<ProfileReport>& reports, Colour colour) {
  std::string text;
  for (const ProfileReport& report : reports) {
    if (report.status != RepetitionStatus::kComplete) continue;
    for (const TakenProfile& taken : report.profiles) {
      text += paragraph(report, taken, colour) + "\n";
    }
  }
  return text;
}

}  // namespace leakbench
