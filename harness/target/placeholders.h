// Texts with {names} in them, as the manifest's command and headline are written.
#ifndef LEAKBENCH_HARNESS_TARGET_PLACEHOLDERS_H_
#define LEAKBENCH_HARNESS_TARGET_PLACEHOLDERS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace leakbench {

// `problem` is empty, or one clause that says what is wrong with the text; `text` is then unusable.
struct Expansion {
  std::string text;
  std::string problem;
};

// Replaces every {name} by its value. "{{" and "}}" stand for the braces themselves. A name that
// `values` does not hold and a lone brace are problems, so that a typing error never reaches a
// server's command line.
Expansion expand_placeholders(std::string_view text,
                              const std::map<std::string, std::string>& values);

// The names in a text that expand_placeholders() can expand; of another one those up to the
// problem.
std::set<std::string> placeholder_names(std::string_view text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PLACEHOLDERS_H_
