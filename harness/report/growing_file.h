// A file that is written from front to back while something goes on, for whoever follows it.
#ifndef LEAKBENCH_HARNESS_REPORT_GROWING_FILE_H_
#define LEAKBENCH_HARNESS_REPORT_GROWING_FILE_H_

#include <filesystem>
#include <string_view>

namespace leakbench {

// Not thread-safe.
class GrowingFile {
 public:
  // Makes it, or empties what is there. Throws Error(kUsage) where that can't be done.
  explicit GrowingFile(const std::filesystem::path& path);
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  // close(); what that throws is a line on stderr.
  ~GrowingFile();

  // Others can read it at once. After one that failed nothing more is written, so that what is
  // there has no gap: see close().
  void write(std::string_view text);

  // Flushes to disk. Throws Error(kEnvironmentUnfit) for the first failure, here or of a write(). A
  // second call does nothing.
  void close();

 private:
  void note(int error);

  const std::filesystem::path path_;
  int fd_;
  int error_ = 0;  // errno, the first
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_GROWING_FILE_H_
