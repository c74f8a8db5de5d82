// What the tests of harness/target and harness/probe share.
#ifndef LEAKBENCH_HARNESS_TARGET_TEST_SUPPORT_H_
#define LEAKBENCH_HARNESS_TARGET_TEST_SUPPORT_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "harness/base/error.h"

namespace leakbench {

// A new empty folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "leakbench_test_XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline std::string file_content(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Waits for a state, at most `bound`; tells whether it came.
inline bool eventually(const std::function<bool()>& state,
                       std::chrono::seconds bound = std::chrono::seconds(20)) {
  const auto deadline = std::chrono::steady_clock::now() + bound;
  while (!state()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline bool log_gets(const std::filesystem::path& log, const std::string& text) {
  return eventually([&] { return file_content(log).find(text) != std::string::npos; });
}

// The letter of /proc/PID/stat ('T' is stopped, 'Z' a zombie); 0 when the process is gone.
inline char process_state(pid_t pid) {
  const std::string stat = file_content("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = stat.rfind(')');
  return name_end == std::string::npos ? 0 : stat[name_end + 2];
}

// Neither gone nor a zombie that waits to be reaped.
inline bool process_runs(pid_t pid) {
  const char state = process_state(pid);
  return state != 0 && state != 'Z';
}

// The message of the Error that `action` throws; fails the test when it throws none, another exit
// code, or more than one line.
inline std::string error_of(const std::function<void()>& action, ExitCode expected) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.exit_code(), expected) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    return message;
  }
  ADD_FAILURE() << "no error was thrown";
  return "";
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_TEST_SUPPORT_H_
