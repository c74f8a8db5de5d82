// What a server's log says of why it died: its end, and its beginning, since usage and stack traces
// come behind the line that tells.
#ifndef LEAKBENCH_HARNESS_TARGET_LOG_TAIL_H_
#define LEAKBENCH_HARNESS_TARGET_LOG_TAIL_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace leakbench {

// The last `most` lines that are not blank, oldest first, each made safe for a terminal. Reads at
// most the last 16 KiB of the file. Empty when there are none or the file cannot be read.
std::vector<std::string> log_tail(const std::filesystem::path& log, std::size_t most);

// "last line of LOG: ...", with the first one behind it where there are several, or "LOG is empty".
std::string describe_log(const std::filesystem::path& log);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_LOG_TAIL_H_
