// Whatever is in a run's folder, reading it gives a run or an Error of one line: never a crash,
// another exception, or undefined behaviour (the sanitizer builds run this too).
#include <gtest/gtest.h>

#include <iterator>
#include <random>

#include "harness/report/recorded_files.h"
#include "harness/report/run_reader.h"

namespace leakbench {
namespace {

class RecordMutator {
 public:
  explicit RecordMutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  // A slip of the hand, or a file that was not written to the end.
  std::string text(std::string text) {
    const std::size_t at = below(text.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(20, text.size() - at));
    switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), length));
        break;
      default:
        text.resize(at);
    }
    return text;
  }

  // Still JSON, but one value somewhere is another one.
  nlohmann::ordered_json value(nlohmann::ordered_json document) {
    nlohmann::ordered_json* at = &document;
    while (at->is_structured() && !at->empty() && below(6) != 0) {
      auto child = at->begin();
      std::advance(child, static_cast<long>(below(at->size())));
      at = &*child;
    }
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
    *at = kValues[below(kValues.size())];
    return document;
  }

 private:
  std::mt19937 random_;
};

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
      RecordMutator mutator(seed);
      files.write(file, seed % 2 == 0 ? mutator.text(whole) : mutator.value(document).dump());
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
