#include "harness/cli/duration_value.h"

#include <fmt/format.h>

#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {

CLI::Validator duration_value() {
  const auto check = [](const std::string& text) -> std::string {
    const auto value = parse_duration(text);
    if (value && *value > Duration::zero() && *value <= std::chrono::hours(24)) return "";
    return fmt::format("must be a time such as 500ms or 10s, at most a day, is {}",
                       in_quotes(text));
  };
  return CLI::Validator(check, "TIME");
}

Duration accepted_duration(const std::string& text) { return parse_duration(text).value(); }

}  // namespace leakbench
