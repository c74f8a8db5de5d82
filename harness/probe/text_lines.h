// Goes through a text line by line.
#ifndef LEAKBENCH_HARNESS_PROBE_TEXT_LINES_H_
#define LEAKBENCH_HARNESS_PROBE_TEXT_LINES_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace leakbench {

// The text must outlive it.
class TextLines {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}

  // To the first line, then to the next one; false at the end.
  bool next() {
    if (rest_.empty()) return false;
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    ended_ = end < rest_.size();
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(ended_ ? end + 1 : end);
    ++number_;
    return true;
  }

  std::string_view line() const { return line_; }  // without the line feed
  std::size_t number() const { return number_; }   // 1 is the first
  bool ended() const { return ended_; }            // by a line feed; a text that is cut has none

 private:
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
  bool ended_ = true;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TEXT_LINES_H_
