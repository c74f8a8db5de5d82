#include "scenarios/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "runtime/http/url.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

template <typename Items>
std::string names_of(const Items& items, std::string_view prefix = "") {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(std::string(prefix) + item.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// A whole number without sign; nullopt for any other text.
std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || text.front() == '-') {
    return std::nullopt;
  }
  return value;
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
  const auto value = parse_whole(text);
  if (!value || *value > most) {
    throw OptionError(fmt::format("--{} must be a whole number of at most {} such as {}, is \"{}\"",
                                  name, most, fallback, text));
  }
  return *value;
}

std::int64_t ScenarioBuilder::thousandths(const std::string& name, const std::string& fallback,
                                          std::int64_t most, const std::string& help) {
  constexpr std::size_t kDecimals = 3;
  const std::string text = take(name, fallback, help);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits = point == text.size() ? "" : text.substr(point + 1);
  const bool has_decimals = point == text.size() || !digits.empty();
  const bool fits = digits.size() <= kDecimals;
  digits.resize(kDecimals, '0');
  const auto whole = parse_whole(text.substr(0, point));
  const auto decimals = parse_whole(digits);
  if (!has_decimals || !fits || !whole || !decimals || *whole > most ||
      *whole * 1'000 + *decimals > most * 1'000) {
    throw OptionError(
        fmt::format("--{} must be a number of at most {} with at most {} decimals such as {}, is "
                    "\"{}\"",
                    name, most, kDecimals, fallback, text));
  }
  return *whole * 1'000 + *decimals;
}

std::string ScenarioBuilder::choice(const std::string& name, const std::string& fallback,
                                    const std::vector<std::string>& among,
                                    const std::string& help) {
  std::string text = take(name, fallback, fmt::format("{}: {}", help, fmt::join(among, ", ")));
  if (std::find(among.begin(), among.end(), text) == among.end()) {
    throw OptionError(
        fmt::format("--{} must be one of {}, is \"{}\"", name, fmt::join(among, ", "), text));
  }
  return text;
}

std::string ScenarioBuilder::url(const std::string& name, const std::string& fallback,
                                 const std::string& help) {
  std::string text = take(name, fallback, help);
  if (!parse_url(text)) {
    throw OptionError(
        fmt::format("--{} must be a URL such as {}, is \"{}\"", name, fallback, text));
  }
  return text;
}

std::shared_ptr<Counter> ScenarioBuilder::counter(const std::string& name,
                                                  const std::string& help) {
  auto counter = std::make_shared<Counter>("leakbench_scenario_" + name, help);
  counters_.push_back(counter);
  return counter;
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
