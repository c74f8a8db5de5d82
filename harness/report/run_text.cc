#include "harness/report/run_text.h"

#include <fmt/format.h>

#include "harness/report/profile_text.h"
#include "harness/report/run_list.h"
#include "harness/report/sites_text.h"
#include "harness/report/table_text.h"
#include "harness/report/verdict_text.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kCells = 60;  // of a line of live tasks

std::vector<std::string> arms_of(const RecordedRun& run) {
  std::vector<std::string> arms;
  for (const PlannedVariant& variant : run.report.plan.variants) arms.push_back(variant.name);
  return arms;
}

std::string verdicts_without_summary(const RecordedRun& run,
                                     const std::vector<RepetitionTimeline>& repetitions,
                                     Colour colour) {
  std::string text =
      styled(run.report.scenario.name + " · " + run.report.scenario.title, kBold, colour) + "\n";
  text += "There is no summary.json: the run was cut short.\n";
  for (const RepetitionTimeline& repetition : repetitions) {
    text += fmt::format("{} {}\n", repetition.report.index,
                        verdict_sentence(repetition.report.arm, repetition.report.verdict, colour));
  }
  return text;
}

// As profile_text() has them, but for its blank line at the end.
std::string profiles_of(const RecordedRun& run, Colour colour) {
  std::string text = profile_text(run.report.profiles, colour);
  if (!text.empty()) text.pop_back();
  return text;
}

std::string facts_of(const RecordedRun& run) {
  const RunReport& report = run.report;
  std::string text =
      fmt::format("{} of {}: {}, leakbench {}, in {}\n", report.id, report.started_utc,
                  progress_text(report), report.tool_version, one_line(run.folder.string()));
  for (const PlannedRepetition& repetition : report.repetitions) {
    if (repetition.error) {
      text += fmt::format("repetition {} ({}) {}\n", repetition.index, repetition.arm,
                          status_with_error(repetition.status, repetition.error));
    }
  }
  for (const ProfileReport& profile : report.profiles) {
    if (profile.status == RepetitionStatus::kComplete) continue;
    text += fmt::format("{} profile of {} {}\n", profile_kind_name(profile.kind), profile.arm,
                        status_with_error(profile.status, profile.error));
  }
  for (const Warning& warning : report.warnings) {
    text += fmt::format("warning: {}\n", warning.message);
  }
  if (!run.summary) return text;
  for (const std::string& warning : run.summary->warnings) {
    text += fmt::format("warning: {}\n", warning);
  }
  return text;
}

}  // namespace

std::string run_text(const RecordedRun& run, const std::vector<RepetitionTimeline>& repetitions,
                     Colour colour) {
  std::vector<std::string> parts;
  if (run.summary) {
    parts.push_back(table_text(*run.summary, colour));
    parts.push_back(verdict_text(*run.summary, colour));
  } else {
    parts.push_back(verdicts_without_summary(run, repetitions, colour));
  }
  parts.push_back(live_tasks_text(arms_of(run), repetitions, kCells, colour));
  if (run.summary) parts.push_back(sites_text(*run.summary));
  parts.push_back(profiles_of(run, colour));
  parts.push_back(facts_of(run));
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "\n";
    text += part;
  }
  return text;
}

}  // namespace leakbench
