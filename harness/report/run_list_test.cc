#include "harness/report/run_list.h"

#include <gtest/gtest.h>

#include "harness/report/recorded_files.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;
using test_files::RecordedFiles;
using test_files::TemporaryFolder;

// A copy of the files as the run `name` in `parent`.
void put(const RecordedFiles& files, const TemporaryFolder& parent, const std::string& name) {
  fs::copy(files.path(), parent.path() / name, fs::copy_options::recursive);
}

std::string text_in(const TemporaryFolder& folder) {
  std::string text = run_list_text(read_runs(folder.path()).runs, Colour::kNever);
  const std::string prefix = folder.path().string() + "/";
  for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
    text.erase(at, prefix.size());
  }
  return text;
}

TEST(RunList, HasALineForEachRunWithItsVerdicts) {
  const TemporaryFolder folder;
  put(RecordedFiles(), folder, "a-run");
  const std::string text = text_in(folder);
  EXPECT_NE(text.find("orphaned-task   2026-11-22T20:00:00Z   complete   without-context "
                      "lingering, with-context clean\n"),
            std::string::npos)
      << text;
}

TEST(RunList, HasTheOldestFirst) {
  const TemporaryFolder folder;
  RecordedFiles files;
  put(files, folder, "b");
  files.set("run.json", "/started_utc", "2025-01-01T00:00:00Z");
  put(files, folder, "c");
  const auto runs = read_runs(folder.path()).runs;
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].folder.filename(), "c");
}

TEST(RunList, TellsWhatWasNotExpectedAndHowFarARunCame) {
  const TemporaryFolder folder;
  RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    document["status"] = "failed";
    document["as_expected"] = false;
    auto& verdict = document["arms"][0]["verdict"];
    verdict["class"] = "leaking";
    verdict["as_expected"] = false;
  });
  files.edit("run.json", [](auto& document) {
    document["status"] = "failed";
    auto repetition = document["repetitions"][0];
    repetition["index"] = 3;
    repetition["status"] = "failed";
    document["repetitions"].push_back(repetition);
  });
  put(files, folder, "run");
  const std::string text = text_in(folder);
  EXPECT_NE(text.find("failed, 2 of 3 repetitions   without-context leaking (expected lingering), "
                      "with-context clean\n"),
            std::string::npos)
      << text;
}

TEST(RunList, SaysOfARunThatWasCutShortThatItHasNoSummary) {
  const TemporaryFolder folder;
  RecordedFiles files;
  fs::remove(files.path() / "summary.json");
  files.set("run.json", "/status", "running");
  put(files, folder, "run");
  EXPECT_NE(text_in(folder).find("running   no summary\n"), std::string::npos);
}

TEST(RunList, ABrokenRunHidesNoOther) {
  const TemporaryFolder folder;
  RecordedFiles files;
  put(files, folder, "good");
  files.set("run.json", "/schema_version", "2.0.0");
  put(files, folder, "newer");
  fs::create_directory(folder.path() / "no-run");
  const RunList list = read_runs(folder.path());
  EXPECT_EQ(list.runs.size(), 1U);
  ASSERT_EQ(list.broken.size(), 1U);
  EXPECT_EQ(list.broken[0].exit_code(), ExitCode::kNotComparable);
}

TEST(RunList, OfAFolderThatIsNotThereIsAUsageError) {
  const TemporaryFolder folder;
  const auto words = test_files::refusal(folder.path(), ExitCode::kUsage,
                                         [&] { read_runs(folder.path() / "none"); });
  EXPECT_EQ(words, "cannot list the runs in none: No such file or directory");
}

}  // namespace
}  // namespace leakbench
