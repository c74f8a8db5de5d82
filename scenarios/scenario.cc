#include "scenarios/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "runtime/time/duration.h"

namespace leakbench {
namespace {

template <typename Items>
std::string names_of(const Items& items, std::string_view prefix = "") {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(std::string(prefix) + item.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string ScenarioBuilder::take(const std::string& name, const std::string& fallback,
                                  const std::string& help) {
  options_.push_back({name, fallback, help});
  const auto found = given_.find(name);
  return found == given_.end() ? fallback : found->second;
}

Duration ScenarioBuilder::duration(const std::string& name, const std::string& fallback,
                                   const std::string& help) {
  const std::string text = take(name, fallback, help);
  const auto value = parse_duration(text);
  if (!value) {
    throw OptionError(
        fmt::format("--{} must be a duration such as {}, is \"{}\"", name, fallback, text));
  }
  return *value;
}

std::int64_t ScenarioBuilder::count(const std::string& name, const std::string& fallback,
                                    std::int64_t most, const std::string& help) {
  const std::string text = take(name, fallback, help);
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value < 0 || value > most) {
    throw OptionError(fmt::format("--{} must be a whole number of at most {} such as {}, is \"{}\"",
                                  name, most, fallback, text));
  }
  return value;
}

void ScenarioBuilder::variant(const std::string& name, Handler handler,
                              std::source_location location) {
  variants_.push_back({name, std::move(handler), location});
}

const ScenarioBuilder::Variant& ScenarioBuilder::find_variant(std::string_view name) const {
  const auto found = std::find_if(variants_.begin(), variants_.end(),
                                  [&](const Variant& v) { return v.name == name; });
  if (found == variants_.end()) {
    const std::string known = fmt::format("this scenario has {}", names_of(variants_));
    throw OptionError(name.empty() ? fmt::format("--variant is missing; {}", known)
                                   : fmt::format("no variant \"{}\"; {}", name, known));
  }
  return *found;
}

void ScenarioBuilder::refuse_unknown_options() const {
  for (const auto& [name, value] : given_) {
    const bool known = std::any_of(options_.begin(), options_.end(),
                                   [&name = name](const Option& o) { return o.name == name; });
    if (!known) {
      throw OptionError(
          fmt::format("unknown option --{}; this scenario has {}", name, names_of(options_, "--")));
    }
  }
}

}  // namespace leakbench
