// A file in memory to print to.
#ifndef LEAKBENCH_HARNESS_RUN_TEST_OUTPUT_H_
#define LEAKBENCH_HARNESS_RUN_TEST_OUTPUT_H_

#include <cstdio>
#include <cstdlib>
#include <string>

namespace leakbench {

class TestOutput {
 public:
  TestOutput() : file_(::open_memstream(&text_, &size_)) {}
  ~TestOutput() {
    std::fclose(file_);
    std::free(text_);
  }
  TestOutput(const TestOutput&) = delete;
  TestOutput& operator=(const TestOutput&) = delete;

  std::FILE* file() { return file_; }
  std::string text() {
    std::fflush(file_);
    return std::string(text_, size_);
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* file_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TEST_OUTPUT_H_
