// What the tests of the parsers of net/http/pprof share: captured answers and small tools.
#ifndef LEAKBENCH_HARNESS_PROBE_TEST_GOROUTINES_H_
#define LEAKBENCH_HARNESS_PROBE_TEST_GOROUTINES_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"
#include "harness/probe/goroutine_profile.h"
#include "harness/target/test_support.h"

namespace leakbench {

// What a Go 1.26 server with a goroutine in every state has answered; testdata/README.md.
inline std::string captured(const std::string& name) {
  std::string content = file_content(std::filesystem::path(LEAKBENCH_PROBE_TESTDATA) / name);
  EXPECT_FALSE(content.empty()) << name;
  return content;
}

// "main.work.func1 example.com/shop/main.go:33"; "none" for nullptr.
inline std::string shown(const GoFrame* frame) {
  if (!frame) return "none";
  if (frame->file.empty()) return frame->function;
  return frame->function + " " + frame->file + ":" + std::to_string(frame->line);
}

inline std::vector<std::string> shown(const GoStack& stack, const std::vector<GoFrame>& frames) {
  std::vector<std::string> calls;
  for (const std::uint32_t place : stack) calls.push_back(shown(&frames.at(place)));
  return calls;
}

// Calls of these functions, the innermost first.
class TestCalls {
 public:
  explicit TestCalls(const std::vector<std::string>& functions) {
    for (const std::string& function : functions) frames_.push_back({.function = function});
    for (const GoFrame& frame : frames_) calls_.push_back(&frame);
  }
  TestCalls(const TestCalls&) = delete;
  TestCalls& operator=(const TestCalls&) = delete;

  const std::vector<const GoFrame*>& calls() const { return calls_; }

 private:
  std::vector<GoFrame> frames_;
  std::vector<const GoFrame*> calls_;
};

inline void expect_one_line(const std::string& message) {
  EXPECT_FALSE(message.empty());
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TEST_GOROUTINES_H_
