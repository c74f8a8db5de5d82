#include "harness/cli/request_options.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "harness/base/error.h"
#include "harness/target/wording.h"

namespace leakbench {

std::pair<std::string, std::string> parse_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0) {
    throw Error(ExitCode::kUsage,
                fmt::format("--header takes 'Name: value', not {}", in_quotes(text)));
  }
  const std::size_t value = text.find_first_not_of(" \t", colon + 1);
  return {text.substr(0, colon), value == std::string::npos ? "" : text.substr(value)};
}

std::string read_body(const std::string& text) {
  if (!text.starts_with('@')) return text;
  const std::string path = text.substr(1);
  std::ifstream file(path, std::ios::binary);
  file.peek();  // a folder opens, and only then cannot be read
  if (!file.is_open() || file.bad()) {
    throw Error(ExitCode::kUsage, fmt::format("--body cannot read the file {}: {}", in_quotes(path),
                                              std::strerror(errno)));
  }
  std::ostringstream body;
  body << file.rdbuf();
  return body.str();
}

}  // namespace leakbench
