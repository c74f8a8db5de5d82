// A line on stderr that is redrawn while something goes on, and whole lines above it.
#ifndef LEAKBENCH_HARNESS_RUN_STATUS_LINE_H_
#define LEAKBENCH_HARNESS_RUN_STATUS_LINE_H_

#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace leakbench {

enum class ProgressStyle {
  kQuiet,    // nothing
  kLines,    // whole lines only: no terminal
  kTerminal  // both
};

// Redraws on a thread of its own. Make it the last member of whatever `render` looks at.
class StatusLine {
 public:
  // `render` is called on the redrawing thread, with the lock of the line held: it must not print.
  // An empty text draws nothing.
  StatusLine(ProgressStyle style, std::FILE* out, std::function<std::string()> render);
  // Clears the line.
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // A line of its own, above the one that is redrawn. From any thread, but without a lock that
  // `render` takes.
  void print(const std::string& line);

 private:
  void redraw_regularly();
  void clear();  // with the lock held

  const ProgressStyle style_;
  std::FILE* const out_;
  const std::function<std::string()> render_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_STATUS_LINE_H_
