// A recorded run on disk for the tests of this folder, and how it is spoilt.
#ifndef LEAKBENCH_HARNESS_REPORT_RECORDED_FILES_H_
#define LEAKBENCH_HARNESS_REPORT_RECORDED_FILES_H_

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/error.h"
#include "harness/report/sample_reports.h"
#include "harness/report/test_files.h"

namespace leakbench::test_files {

// sample_reports.h's run, written as the harness writes it.
class RecordedFiles {
 public:
  RecordedFiles() {
    write("run.json", to_json(sample::run()));
    write("reps/001_with-context.json", to_json(sample::repetition(1, "with-context")));
    write("reps/002_without-context.json", to_json(sample::repetition(2, "without-context")));
    write("summary.json", to_json(sample::summary()));
  }

  std::filesystem::path path() const { return folder_.path(); }
  std::string text(const std::string& file) const { return read_file(path() / file); }
  void write(const std::string& file, std::string_view text) const {
    write_file(path() / file, text);
  }

  void edit(const std::string& file,
            const std::function<void(nlohmann::ordered_json&)>& change) const {
    auto document = nlohmann::ordered_json::parse(text(file));
    change(document);
    write(file, document.dump());
  }

  void set(const std::string& file, const std::string& pointer,
           const nlohmann::ordered_json& value) const {
    edit(file, [&](nlohmann::ordered_json& document) {
      document[nlohmann::ordered_json::json_pointer(pointer)] = value;
    });
  }

 private:
  TemporaryFolder folder_;
};

// The words of the Error that `read` throws, without the path of `folder`.
inline std::string refusal(const std::filesystem::path& folder, ExitCode code,
                           const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), code) << error.what();
    std::string text = error.what();
    EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    const std::string prefix = folder.string() + "/";
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

}  // namespace leakbench::test_files

#endif  // LEAKBENCH_HARNESS_REPORT_RECORDED_FILES_H_
