// The words of a command line that describe a request.
#ifndef LEAKBENCH_HARNESS_CLI_REQUEST_OPTIONS_H_
#define LEAKBENCH_HARNESS_CLI_REQUEST_OPTIONS_H_

#include <string>
#include <utility>

namespace leakbench {

// "Name: value". Throws Error(kUsage) for what has no name before a colon.
std::pair<std::string, std::string> parse_header(const std::string& text);

// The text itself, or with @FILE the content of that file. Throws Error(kUsage) for a file that
// cannot be read.
std::string read_body(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_REQUEST_OPTIONS_H_
