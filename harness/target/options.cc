#include "harness/target/options.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/target/json_view.h"
#include "harness/target/placeholders.h"
#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

std::vector<std::string> names_of(const Options& options) {
  std::vector<std::string> names;
  for (const auto& [name, value] : options) names.push_back(name);
  return names;
}

std::string with_thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) digits.insert(i, ",");
  return digits;
}

// "5s" reads "5 s" in a sentence.
std::string in_a_sentence(const std::string& value) {
  const auto duration = parse_duration(value);
  if (!duration) return value;
  std::string text = format_duration(*duration);
  text.insert(text.find_first_not_of("0123456789."), " ");
  return text;
}

}  // namespace

Options effective_options(const Manifest& manifest, const Options& overrides) {
  Options options = manifest.options;
  for (const auto& [name, value] : overrides) {
    const auto found = options.find(name);
    if (found == options.end()) {
      throw Error(ExitCode::kUsage,
                  fmt::format("scenario {} has no option {}; it has: {}", manifest.name,
                              in_quotes(name), listed(names_of(manifest.options))));
    }
    found->second = value;
  }
  return options;
}

std::chrono::nanoseconds longest_task(const Manifest& manifest, const Options& options) {
  const Expansion expansion = expand_placeholders(manifest.settle.longest_task, options);
  const std::string where = manifest.origin + ": /settle/longest_task: ";
  if (!expansion.problem.empty()) throw Error(ExitCode::kUsage, where + expansion.problem);
  const auto duration = parse_duration(expansion.text);
  if (!duration || *duration > kLongestDuration) {
    throw Error(ExitCode::kUsage,
                fmt::format("{}{} must be a duration of at most 24h such as \"5s\", is {}", where,
                            in_quotes(manifest.settle.longest_task), in_quotes(expansion.text)));
  }
  return *duration;
}

std::chrono::nanoseconds settle_window(const Manifest& manifest, const Options& options) {
  const auto window = longest_task(manifest, options) + manifest.settle.margin;
  if (manifest.settle.linger_after > window) {
    throw Error(ExitCode::kUsage,
                fmt::format("{}: /settle/linger_after: {} is behind the end of the settle window "
                            "(longest_task + margin = {}): raise the margin",
                            manifest.origin, format_duration(manifest.settle.linger_after),
                            format_duration(window)));
  }
  return window;
}

std::vector<std::string> expand_command(const Manifest& manifest, const CommandValues& values) {
  const std::map<std::string, std::string> known = {
      {"bin_dir", values.bin_dir.string()},
      {"variant", values.variant},
      {"port", std::to_string(values.port)},
      {"control_port", std::to_string(values.control_port)}};
  std::vector<std::string> command;
  for (std::size_t i = 0; i < manifest.command.size(); ++i) {
    Expansion expansion = expand_placeholders(manifest.command[i], known);
    if (!expansion.problem.empty()) {
      throw Error(ExitCode::kUsage,
                  fmt::format("{}: /command/{}: {}", manifest.origin, i, expansion.problem));
    }
    command.push_back(std::move(expansion.text));
  }
  for (const auto& [name, value] : values.options) {
    command.push_back("--" + name);
    command.push_back(value);
  }
  return command;
}

std::string render_headline(const Manifest& manifest, const LoadFigures& load,
                            const Options& options) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : options) values[name] = in_a_sentence(value);
  values["connections"] = with_thousands(load.connections);
  values["requests"] = with_thousands(load.requests);
  values["warmup_requests"] = with_thousands(load.warmup_requests);
  Expansion expansion = expand_placeholders(manifest.headline, values);
  if (!expansion.problem.empty()) {
    throw Error(ExitCode::kUsage, manifest.origin + ": /headline: " + expansion.problem);
  }
  return expansion.text;
}

}  // namespace leakbench
