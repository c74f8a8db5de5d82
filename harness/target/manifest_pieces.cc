#include "harness/target/manifest_pieces.h"

#include <algorithm>

namespace leakbench {
namespace {

std::string read_environment_value(const JsonView& view) {
  std::string value = view.raw_text();
  if (value.find('\0') != std::string::npos) view.fail("must not contain the character U+0000");
  return value;
}

}  // namespace

std::string read_name(const JsonView& view) {
  std::string name = view.text();
  constexpr std::size_t kLongest = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.size() > kLongest || !std::all_of(name.begin(), name.end(), allowed) ||
      name.front() == '-' || name.front() == '.') {
    view.fail(
        "must be at most 64 letters, digits, '-', '_' and '.', starting with none of '-' and "
        "'.', is " +
        in_quotes(name));
  }
  return name;
}

std::string read_request_target(const JsonView& view) {
  std::string path = view.text();
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (path.front() != '/' || !std::all_of(path.begin(), path.end(), allowed)) {
    view.fail("must be a path that starts with '/' and has no blanks, is " + in_quotes(path));
  }
  return path;
}

std::vector<std::string> read_command(const JsonView& view) {
  std::vector<std::string> command;
  for (const JsonView& word : view.elements()) command.push_back(word.text());
  if (command.empty()) view.fail("must name a program");
  return command;
}

std::map<std::string, std::string> read_environment(const JsonView& view) {
  std::map<std::string, std::string> environment;
  for (const auto& [name, value] : view.members()) {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) {
      value.fail("a variable's name has only letters, digits and '_', is " + in_quotes(name));
    }
    environment[name] = read_environment_value(value);
  }
  return environment;
}

}  // namespace leakbench
