// Whatever is in a run's folder, reading it gives a run or an Error of one line: never a crash,
// another exception, or undefined behaviour (the sanitizer builds run this too).
#include <gtest/gtest.h>

#include "harness/report/recorded_files.h"
#include "harness/report/run_reader.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr std::string_view kRecordTokens[] = {"{", "}",    "[",  "]",     "\"",      ",",
                                              ":", "null", "-1", "1e999", "\\u0000", "\xff"};

const std::vector<nlohmann::ordered_json>& other_record_values() {
  static const std::vector<nlohmann::ordered_json> kValues = {nullptr,
                                                              true,
                                                              0,
                                                              -1,
                                                              1.5,
                                                              1e300,
                                                              18446744073709551615U,
                                                              "",
                                                              "x",
                                                              "clean",
                                                              "a\nb",
                                                              "/",
                                                              "..",
                                                              "1.2.3",
                                                              "complete",
                                                              nlohmann::ordered_json::array(),
                                                              nlohmann::ordered_json::object()};
  return kValues;
}

// True when the folder was accepted.
bool read_all(const test_files::RecordedFiles& files) {
  try {
    read_complete_repetitions(read_run(files.path()));
    return true;
  } catch (const Error& error) {
    EXPECT_TRUE(error.exit_code() == ExitCode::kUsage ||
                error.exit_code() == ExitCode::kNotComparable)
        << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return false;
  }
}

TEST(RunReaderFuzz, MutatedFilesGiveARunOrAnError) {
  const test_files::RecordedFiles files;
  int accepted = 0;
  constexpr unsigned kEach = 200;
  for (const std::string file : {"run.json", "summary.json", "reps/001_with-context.json"}) {
    const std::string whole = files.text(file);
    const auto document = nlohmann::ordered_json::parse(whole);
    for (unsigned seed = 0; seed < kEach; ++seed) {
      Dice dice(seed);
      files.write(file, seed % 2 == 0 ? damaged(whole, dice, kRecordTokens, 1)
                                      : with_another_value<nlohmann::ordered_json>(
                                            document, dice, other_record_values())
                                            .dump());
      accepted += read_all(files);
    }
    files.write(file, whole);
  }
  // Some mutations must get through and most must not: else the mutator tests nothing.
  EXPECT_GT(accepted, 25);
  EXPECT_LT(accepted, 400);
}

}  // namespace
}  // namespace leakbench
