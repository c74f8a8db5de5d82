#include "harness/target/placeholders.h"

#include <functional>
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

// `value_of` gives what stands for a name, or nullptr to stop there.
Expansion expand(std::string_view text,
                 const std::function<const std::string*(const std::string&)>& value_of) {
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
      const std::string* const value = value_of(std::string(text.substr(i + 1, end - i - 1)));
      if (value == nullptr) return expansion;
      expansion.text += *value;
      i = end;
    }
  }
  return expansion;
}

}  // namespace

Expansion expand_placeholders(std::string_view text,
                              const std::map<std::string, std::string>& values) {
  std::string problem;
  Expansion expansion = expand(text, [&](const std::string& name) -> const std::string* {
    const auto found = values.find(name);
    if (found != values.end()) return &found->second;
    problem = unknown_name(name, values);
    return nullptr;
  });
  if (!problem.empty()) expansion.problem = std::move(problem);
  return expansion;
}

std::set<std::string> placeholder_names(std::string_view text) {
  std::set<std::string> names;
  expand(text, [&](const std::string& name) { return &*names.insert(name).first; });
  return names;
}

}  // namespace leakbench
