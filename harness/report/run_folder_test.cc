#include "harness/report/run_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <set>

#include "harness/base/error.h"
#include "harness/report/sample_reports.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;
using test_files::read_file;
using test_files::TemporaryFolder;
using test_files::write_file;

const std::chrono::system_clock::time_point kStarted{std::chrono::seconds(1795377600)};

RunFolder create(const fs::path& parent, const RunFolder::Suffix& suffix = random_suffix) {
  return RunFolder::create(parent, "orphaned-task", kStarted, suffix);
}

// The error that creating a folder in `parent` ends in; fails the test when it ends well.
Error error_of(const fs::path& parent, const RunFolder::Suffix& suffix = random_suffix) {
  try {
    create(parent, suffix);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "creating a run in " << parent << " did not fail";
  return Error(ExitCode::kOk, "");
}

TEST(RunFolder, IsNamedByScenarioTimeAndSuffix) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path(), [] { return "1a2b3c"; });
  EXPECT_EQ(folder.id(), "orphaned-task-20261122T200000Z-1a2b3c");
  EXPECT_EQ(folder.path(), parent.path() / folder.id());
}

TEST(RunFolder, HasAPlaceForEachKindOfFile) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path());
  for (const char* part : {"reps", "samples", "logs"}) {
    EXPECT_TRUE(fs::is_directory(folder.path() / part)) << part;
  }
}

TEST(RunFolder, MakesTheParentsThatAreMissing) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path() / "a" / "b");
  EXPECT_EQ(folder.path().parent_path(), parent.path() / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder.path()));
}

TEST(RunFolder, TakesAnotherSuffixWhenANameIsTaken) {
  TemporaryFolder parent;
  write_file(parent.path() / "orphaned-task-20261122T200000Z-aaaaaa" / "run.json", "somebody's");
  write_file(parent.path() / "orphaned-task-20261122T200000Z-bbbbbb", "a file");
  std::vector<std::string> suffixes = {"cccccc", "bbbbbb", "aaaaaa"};
  const RunFolder folder = create(parent.path(), [&] {
    const std::string suffix = suffixes.back();
    suffixes.pop_back();
    return suffix;
  });
  EXPECT_EQ(folder.id(), "orphaned-task-20261122T200000Z-cccccc");
  EXPECT_EQ(read_file(parent.path() / "orphaned-task-20261122T200000Z-aaaaaa" / "run.json"),
            "somebody's");
}

TEST(RunFolder, GivesUpWhenEveryNameIsTaken) {
  TemporaryFolder parent;
  create(parent.path(), [] { return "aaaaaa"; });
  const Error error = error_of(parent.path(), [] { return "aaaaaa"; });
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_EQ(std::string(error.what()),
            "cannot create the results folder '" + parent.path().string() +
                "': 16 names for the run were all taken; choose a folder that can be written with "
                "--out");
}

TEST(RunFolder, InsideAFileIsAUsageErrorThatNamesThePath) {
  TemporaryFolder parent;
  write_file(parent.path() / "file", "kept");
  for (const fs::path& out : {parent.path() / "file", parent.path() / "file" / "results"}) {
    const Error error = error_of(out);
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(error.what()),
              "cannot create the results folder '" + out.string() +
                  "': Not a directory; choose a folder that can be written with --out");
  }
  EXPECT_EQ(read_file(parent.path() / "file"), "kept");
}

TEST(RunFolder, WhereNobodyCanWriteIsAUsageError) {
  const Error error = error_of("/proc/leakbench-results");
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("/proc/leakbench-results"), std::string::npos);
}

TEST(RunFolder, InAParentThatExistsButCannotBeWrittenIsAUsageError) {
  const Error error = error_of("/proc");
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("'/proc/orphaned-task-20261122T200000Z-"),
            std::string::npos)
      << error.what();
}

TEST(RunFolder, WithoutPermissionIsAUsageErrorThatSaysSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root writes everywhere";
  TemporaryFolder parent;
  fs::permissions(parent.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const Error error = error_of(parent.path());
  fs::permissions(parent.path(), fs::perms::owner_all);
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("Permission denied"), std::string::npos);
}

TEST(RunFolder, NamesFilesByIndexAndArm) {
  EXPECT_EQ(RunFolder::repetition_file(1, "with-context"), "reps/001_with-context.json");
  EXPECT_EQ(RunFolder::samples_file(12, "without-context"), "samples/012_without-context.csv");
  EXPECT_EQ(RunFolder::log_file(1234, "x"), "logs/1234_x.log");
}

TEST(RunFolder, WritesEachReportUnderItsName) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path());
  folder.write(sample::run());
  folder.write(sample::repetition(2, "without-context"));
  folder.write(sample::summary());
  EXPECT_EQ(read_file(folder.path() / "run.json"), to_json(sample::run()));
  EXPECT_EQ(read_file(folder.path() / "reps/002_without-context.json"),
            to_json(sample::repetition(2, "without-context")));
  EXPECT_EQ(read_file(folder.path() / "summary.json"), to_json(sample::summary()));
}

TEST(RunFolder, RewritesTheRunAsItGoesOn) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path());
  RunReport run = sample::run();
  run.status = RunStatus::kRunning;
  folder.write(run);
  run.status = RunStatus::kInterrupted;
  folder.write(run);
  EXPECT_EQ(read_file(folder.path() / "run.json"), to_json(run));
}

TEST(RunFolder, ThatIsRemovedMeanwhileIsAnErrorAndNotACrash) {
  TemporaryFolder parent;
  const RunFolder folder = create(parent.path());
  fs::remove_all(folder.path());
  EXPECT_THROW(folder.write(sample::run()), Error);
}

TEST(RunFolder, IsRemovedWithAllThatIsInItAndNothingElse) {
  TemporaryFolder parent;
  write_file(parent.path() / "file", "kept");
  const RunFolder folder = create(parent.path());
  folder.write(sample::run());
  folder.remove();
  EXPECT_FALSE(fs::exists(folder.path()));
  EXPECT_EQ(read_file(parent.path() / "file"), "kept");
  folder.remove();
}

TEST(RandomSuffix, IsSixHexadecimalDigitsAndSeldomTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const std::string suffix = random_suffix();
    EXPECT_EQ(suffix.size(), 6U);
    EXPECT_EQ(suffix.find_first_not_of("0123456789abcdef"), std::string::npos) << suffix;
    seen.insert(suffix);
  }
  EXPECT_GT(seen.size(), 15U);
}

}  // namespace
}  // namespace leakbench
