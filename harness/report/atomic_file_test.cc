#include "harness/report/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;
using test_files::read_file;
using test_files::TemporaryFolder;
using test_files::write_file;

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// The error that a write of `text` to `path` ends in; fails the test when it ends well.
Error error_of(const fs::path& path, std::string_view text) {
  try {
    write_file_atomically(path, text);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "writing " << path << " did not fail";
  return Error(ExitCode::kOk, "");
}

// Files of this process cannot grow beyond `bytes` meanwhile, like on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    previous_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &previous_);
    rlimit limit = previous_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &previous_);
    ::signal(SIGXFSZ, previous_handler_);
  }

 private:
  rlimit previous_{};
  sighandler_t previous_handler_ = SIG_DFL;
};

TEST(AtomicFile, WritesANewFileAndLeavesNothingElse) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "run.json", "{}\n");
  EXPECT_EQ(read_file(folder.path() / "run.json"), "{}\n");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(AtomicFile, ReplacesTheWholeOldText) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "run.json", "a long old text\n");
  write_file_atomically(folder.path() / "run.json", "new\n");
  EXPECT_EQ(read_file(folder.path() / "run.json"), "new\n");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(AtomicFile, WritesATextLargerThanAnyPipeOrPage) {
  TemporaryFolder folder;
  const std::string text(3'000'000, 'x');
  write_file_atomically(folder.path() / "big", text);
  EXPECT_EQ(read_file(folder.path() / "big"), text);
}

TEST(AtomicFile, OverwritesTheTemporaryFileThatACrashLeft) {
  TemporaryFolder folder;
  write_file(folder.path() / "run.json.tmp", "half a text that is longer than the new one");
  write_file_atomically(folder.path() / "run.json", "new\n");
  EXPECT_EQ(read_file(folder.path() / "run.json"), "new\n");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(AtomicFile, ReaderThatHasTheOldFileOpenKeepsTheOldText) {
  TemporaryFolder folder;
  write_file_atomically(folder.path() / "run.json", "old\n");
  std::ifstream reader(folder.path() / "run.json");
  write_file_atomically(folder.path() / "run.json", "new\n");
  std::string line;
  ASSERT_TRUE(std::getline(reader, line));
  EXPECT_EQ(line, "old");
}

TEST(AtomicFile, AMissingFolderIsAUsageErrorThatSaysWhatToDo) {
  TemporaryFolder folder;
  const fs::path path = folder.path() / "missing" / "run.json";
  const Error error = error_of(path, "{}");
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_EQ(std::string(error.what()), "cannot write '" + path.string() +
                                           "': No such file or directory; choose a folder that is "
                                           "there and can be written to");
}

TEST(AtomicFile, AFailedRenameKeepsWhatWasThereAndRemovesTheTemporaryFile) {
  TemporaryFolder folder;
  write_file(folder.path() / "run.json" / "inside", "kept");  // a folder where the file should go
  const Error error = error_of(folder.path() / "run.json", "{}");
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("Is a directory"), std::string::npos) << error.what();
  EXPECT_EQ(read_file(folder.path() / "run.json" / "inside"), "kept");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(AtomicFile, ADiskThatTakesNoMoreKeepsTheOldTextAndIsTheEnvironmentsFault) {
  TemporaryFolder folder;
  const fs::path path = folder.path() / "run.json";
  write_file_atomically(path, "old\n");
  Error error(ExitCode::kOk, "");
  {
    FileSizeLimit limit(10);
    error = error_of(path, "a text of more than ten bytes\n");
  }
  EXPECT_EQ(error.exit_code(), ExitCode::kEnvironmentUnfit);
  EXPECT_EQ(std::string(error.what()),
            "cannot write '" + path.string() +
                "': File too large; check the disk and its quota, or choose another place");
  EXPECT_EQ(read_file(path), "old\n");
  EXPECT_EQ(entries_in(folder.path()), 1U);
}

TEST(AtomicFile, AFolderWithoutWritePermissionIsAUsageError) {
  if (::geteuid() == 0) GTEST_SKIP() << "root writes everywhere";
  TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const Error error = error_of(folder.path() / "run.json", "{}");
  fs::permissions(folder.path(), fs::perms::owner_all);
  EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("Permission denied"), std::string::npos);
}

TEST(AtomicFile, FlushingAFolderThatIsNoneFails) {
  TemporaryFolder folder;
  write_file(folder.path() / "file", "");
  EXPECT_NO_THROW(flush_folder(folder.path()));
  EXPECT_THROW(flush_folder(folder.path() / "file"), Error);
  EXPECT_THROW(flush_folder(folder.path() / "missing"), Error);
}

}  // namespace
}  // namespace leakbench
