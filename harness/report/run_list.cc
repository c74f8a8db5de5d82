#include "harness/report/run_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <tuple>

#include "harness/report/text_columns.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> run_folders(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    if (std::error_code ignored; fs::exists(entry->path() / "run.json", ignored)) {
      folders.push_back(entry->path());
    }
  }
  if (error) {
    throw Error(ExitCode::kUsage, fmt::format("cannot list the runs in {}: {}",
                                              one_line(parent.string()), error.message()));
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::string verdict_words(const ArmSummary& arm) {
  if (arm.repetitions.empty()) return arm.name + " not measured";
  std::string words =
      fmt::format("{} {}", arm.name, verdict_class_name(arm.verdict.verdict.verdict_class));
  if (!arm.verdict.as_expected()) {
    words += fmt::format(" (expected {})", verdict_class_name(arm.verdict.expected));
  }
  return words;
}

std::string verdicts_of(const RecordedRun& run) {
  if (!run.summary) return "no summary";
  std::vector<std::string> words;
  for (const ArmSummary& arm : run.summary->arms) words.push_back(verdict_words(arm));
  return listed(words);
}

}  // namespace

RunList read_runs(const fs::path& parent) {
  RunList list;
  for (const fs::path& folder : run_folders(parent)) {
    try {
      list.runs.push_back(read_run(folder));
    } catch (const Error& error) {
      list.broken.push_back(error);
    }
  }
  std::sort(list.runs.begin(), list.runs.end(), [](const RecordedRun& a, const RecordedRun& b) {
    return std::tie(a.report.started_utc, a.folder) < std::tie(b.report.started_utc, b.folder);
  });
  return list;
}

std::string progress_text(const RunReport& run) {
  const auto complete = std::count_if(run.repetitions.begin(), run.repetitions.end(),
                                      [](const PlannedRepetition& repetition) {
                                        return repetition.status == RepetitionStatus::kComplete;
                                      });
  std::string text(status_name(run.status));
  if (static_cast<std::size_t>(complete) < run.repetitions.size()) {
    text += fmt::format(", {} of {} repetitions", complete, run.repetitions.size());
  }
  return text;
}

std::string run_list_text(const std::vector<RecordedRun>& runs, Colour colour) {
  std::vector<std::vector<std::string>> rows = {
      {"run", "scenario", "started", "status", "verdicts"}};
  for (const RecordedRun& run : runs) {
    rows.push_back({one_line(run.folder.string()), run.report.scenario.name, run.report.started_utc,
                    progress_text(run.report), verdicts_of(run)});
  }
  const auto lines = align_columns(rows, std::vector<Align>(rows.front().size(), Align::kLeft));
  std::string text = styled(lines.front(), kBold, colour) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

}  // namespace leakbench
