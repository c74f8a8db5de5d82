#include "harness/cli/one_of.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/target/wording.h"

namespace leakbench {

CLI::Validator one_of(std::vector<std::string> words) {
  std::string shown = fmt::format("{}", fmt::join(words, "|"));
  const auto check = [words = std::move(words)](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return "";
    const auto meant = nearest(text, words);
    return fmt::format("must be one of {}, is {}{}", listed(words), in_quotes(text),
                       meant ? fmt::format("; did you mean {}?", *meant) : "");
  };
  return CLI::Validator(check, std::move(shown));
}

}  // namespace leakbench
