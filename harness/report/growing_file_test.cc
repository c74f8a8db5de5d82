#include "harness/report/growing_file.h"

#include <gtest/gtest.h>

#include <optional>

#include "harness/base/error.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

using test_files::read_file;
using test_files::TemporaryFolder;

// Every write to it fails like one to a full disk.
constexpr const char* kFullDisk = "/dev/full";

// What close() throws; nothing where it does not.
std::optional<Error> error_of_close(GrowingFile& file) {
  try {
    file.close();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

TEST(GrowingFile, ShowsWhatIsWrittenAtOnce) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "log";
  test_files::write_file(path, "an older and longer text\n");
  GrowingFile file(path);
  EXPECT_EQ(read_file(path), "");
  file.write("one\n");
  EXPECT_EQ(read_file(path), "one\n");
  file.write("two\n");
  file.close();
  file.close();
  EXPECT_EQ(read_file(path), "one\ntwo\n");
}

TEST(GrowingFile, RefusesAPlaceThatCannotBeWritten) {
  const TemporaryFolder folder;
  try {
    const GrowingFile file(folder.path() / "missing" / "log");
    ADD_FAILURE() << "opened a file in a folder that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(error.what(), "cannot write '" + (folder.path() / "missing" / "log").string() +
                                "': No such file or directory; choose a file that can be written");
  }
}

TEST(GrowingFile, ThrowsTheFirstFailureOnceWhenItIsClosed) {
  GrowingFile file(kFullDisk);
  file.write("lost");
  file.write("");
  const auto error = error_of_close(file);
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->exit_code(), ExitCode::kEnvironmentUnfit);
  EXPECT_STREQ(error->what(),
               "cannot write all of '/dev/full': No space left on device; what was written before "
               "is there: check the disk and its quota, or choose another file");
  EXPECT_FALSE(error_of_close(file).has_value());
}

TEST(GrowingFile, TellsOfAFailureAlsoWhenNobodyCloses) {
  testing::internal::CaptureStderr();
  {
    GrowingFile file(kFullDisk);
    file.write("lost");
  }
  EXPECT_TRUE(testing::internal::GetCapturedStderr().starts_with(
      "leakbench: cannot write all of '/dev/full': No space left on device"));
}

TEST(GrowingFile, MayBeWhatCannotBeFlushed) {
  GrowingFile file("/dev/null");
  file.write("anything");
  EXPECT_FALSE(error_of_close(file).has_value());
}

}  // namespace
}  // namespace leakbench
