#include "harness/target/placeholders.h"

#include <vector>

#include "harness/target/wording.h"

namespace leakbench {
namespace {

std::string unknown_name(const std::string& name,
                         const std::map<std::string, std::string>& values) {
  std::vector<std::string> known;
  for (const auto& [key, value] : values) known.push_back(key);
  return "unknown placeholder " + in_quotes("{" + name + "}") + "; " + suggestion(name, known) +
         " (a brace itself is written twice)";
}

}  // namespace

Expansion expand_placeholders(std::string_view text,
                              const std::map<std::string, std::string>& values) {
  Expansion expansion;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      expansion.text += c;
    } else if (i + 1 < text.size() && text[i + 1] == c) {
      expansion.text += c;
      ++i;
    } else {
      const std::size_t end = c == '{' ? text.find('}', i) : std::string_view::npos;
      if (end == std::string_view::npos) {
        expansion.problem = std::string("a lone '") + c + "' (a brace itself is written twice)";
        return expansion;
      }
      const std::string name(text.substr(i + 1, end - i - 1));
      const auto found = values.find(name);
      if (found == values.end()) {
        expansion.problem = unknown_name(name, values);
        return expansion;
      }
      expansion.text += found->second;
      i = end;
    }
  }
  return expansion;
}

}  // namespace leakbench
