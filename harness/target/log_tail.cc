#include "harness/target/log_tail.h"

#include <algorithm>
#include <fstream>

#include "harness/target/wording.h"

namespace leakbench {

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
    const std::size_t end = line.find_last_not_of(" \t\r");
    if (end == std::string::npos) continue;
    lines.push_back(one_line(line.substr(0, end + 1)));
  }
  if (lines.size() > most) lines.erase(lines.begin(), lines.end() - static_cast<long>(most));
  return lines;
}

std::string describe_log(const std::filesystem::path& log) {
  const auto lines = log_tail(log, 1);
  if (lines.empty()) return one_line(log.string()) + " is empty";
  return "last line of " + one_line(log.string()) + ": " + lines.back();
}

}  // namespace leakbench
