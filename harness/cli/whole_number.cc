#include "harness/cli/whole_number.h"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "harness/target/wording.h"

namespace leakbench {

CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  const auto check = [least, most](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && rest == end && value >= least && value <= most) return "";
    return fmt::format("must be a whole number from {} to {}, is {}", least, most, in_quotes(text));
  };
  return CLI::Validator(check, fmt::format("{}..{}", least, most));
}

}  // namespace leakbench
