#include "harness/target/log_tail.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "harness/target/wording.h"

namespace leakbench {

namespace {

std::size_t length_without_blanks(const std::string& line) {
  return line.find_last_not_of(" \t\r") + 1;  // npos + 1 is 0
}

// Empty where there is none. Looks no further than a log's beginning may be blank.
std::string first_line(const std::filesystem::path& log) {
  constexpr int kMostLines = 100;
  std::ifstream stream(log, std::ios::binary);
  std::string line;
  for (int i = 0; i < kMostLines && std::getline(stream, line); ++i) {
    if (const std::size_t length = length_without_blanks(line)) {
      return one_line(line.substr(0, length));
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> log_tail(const std::filesystem::path& log, std::size_t most) {
  constexpr std::streamoff kMostBytes = 16 << 10;
  std::ifstream stream(log, std::ios::binary | std::ios::ate);
  if (!stream) return {};
  const std::streamoff start = std::max<std::streamoff>(0, stream.tellg() - kMostBytes);
  stream.seekg(start);
  std::string line;
  if (start > 0) std::getline(stream, line);  // begins in the middle of a line
  std::vector<std::string> lines;
  while (std::getline(stream, line)) {
    if (const std::size_t length = length_without_blanks(line)) {
      lines.push_back(one_line(line.substr(0, length)));
    }
  }
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - static_cast<long>(most));
  return lines;
}

std::string describe_log(const std::filesystem::path& log) {
  const auto lines = log_tail(log, 2);
  const std::string name = one_line(log.string());
  if (lines.empty()) return name + " is empty";
  const std::string first = lines.size() > 1 ? first_line(log) : "";
  return fmt::format("last line of {}: {}{}", name, lines.back(),
                     first.empty() ? "" : fmt::format(" (first line: {})", first));
}

}  // namespace leakbench
