#include "harness/target/options.h"

#include <fmt/format.h>

#include <charconv>
#include <set>
#include <utility>

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

void add_names(const std::vector<std::string>& texts, std::set<std::string>* names) {
  for (const std::string& text : texts) names->merge(placeholder_names(text));
}

std::set<std::string> names_in_environment(const Manifest& manifest) {
  std::set<std::string> names;
  const auto add = [&](const auto& variables) {
    for (const auto& [name, text] : variables) add_names({text}, &names);
  };
  add(manifest.environment);
  for (const VariantSpec& variant : manifest.variants) add(variant.environment);
  return names;
}

std::set<std::string> names_in_main(const Manifest& manifest) {
  auto names = names_in_environment(manifest);
  add_names(manifest.command, &names);
  return names;
}

std::string service_path(const Manifest& manifest, const ServiceSpec& service) {
  std::size_t index = 0;
  while (index < manifest.services.size() && manifest.services[index].name != service.name) ++index;
  return fmt::format("/services/{}", index);
}

std::string expand_text(const Manifest& manifest, const std::string& text, const std::string& path,
                        const std::map<std::string, std::string>& known) {
  Expansion expansion = expand_placeholders(text, known);
  if (expansion.problem.empty()) return std::move(expansion.text);
  throw Error(ExitCode::kUsage,
              fmt::format("{}: {}: {}", manifest.origin, path, expansion.problem));
}

std::vector<std::string> expand_words(const Manifest& manifest,
                                      const std::vector<std::string>& words,
                                      const std::string& path,
                                      const std::map<std::string, std::string>& known) {
  std::vector<std::string> expanded;
  for (std::size_t i = 0; i < words.size(); ++i) {
    expanded.push_back(expand_text(manifest, words[i], fmt::format("{}/{}", path, i), known));
  }
  return expanded;
}

std::string expand_server(const Manifest& manifest, const std::string& server,
                          const std::string& bin_dir) {
  std::size_t index = 0;
  const auto& runtimes = manifest.runtimes;
  while (index < runtimes.size() && runtimes[index].server != server) ++index;
  return expand_text(manifest, server, fmt::format("/runtimes/{}/server", index),
                     {{"bin_dir", bin_dir}});
}

// What the placeholders stand for in a service, or else the main process.
std::map<std::string, std::string> values_for(const Manifest& manifest, const CommandValues& values,
                                              const ServiceSpec* service) {
  std::map<std::string, std::string> known(values.options.begin(), values.options.end());
  ProcessPorts own{values.port, values.control_port};
  for (const auto& [name, ports] : values.services) {
    known["port:" + name] = std::to_string(ports.port);
    known["control_port:" + name] = std::to_string(ports.control_port);
    if (service && service->name == name) own = ports;
  }
  known["port"] = std::to_string(own.port);
  known["control_port"] = std::to_string(own.control_port);
  known["variant"] = values.variant;
  // What runs in a folder of its own would not find a relative one.
  known["bin_dir"] =
      (manifest.working_folder.empty() ? values.bin_dir
                                       : std::filesystem::current_path() / values.bin_dir)
          .string();
  if (!values.server.empty()) {
    known["server"] = expand_server(manifest, values.server, known["bin_dir"]);
  }
  return known;
}

// "5s" reads "5 s" in a sentence.
std::string in_a_sentence(const std::string& value) {
  const auto duration = parse_duration(value);
  if (!duration) return value;
  std::string text = format_duration(*duration);
  text.insert(text.find_first_not_of("0123456789."), " ");
  return text;
}

// What must be otherwise, "is 5" or, of an option, "{job-duration} is 5".
std::string is_now(const std::string& written, const std::string& value) {
  return written == value ? "is " + in_quotes(value)
                          : fmt::format("{} is {}", in_quotes(written), in_quotes(value));
}

}  // namespace

Options effective_options(const Manifest& manifest, const Options& overrides) {
  Options options = manifest.options;
  for (const auto& [name, value] : overrides) {
    const auto found = options.find(name);
    if (found == options.end()) {
      throw Error(ExitCode::kUsage,
                  fmt::format("scenario {} has no option {}; {}", manifest.name, in_quotes(name),
                              suggestion(name, names_of(manifest.options))));
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
                fmt::format("{}must be a duration of at most 24h such as \"5s\", {}", where,
                            is_now(manifest.settle.longest_task, expansion.text)));
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

double planted_per_1000(const Manifest& manifest, const PlantedLeaks& planted,
                        const Options& options) {
  const std::string where = manifest.origin + ": planted.per_1000_requests: ";
  const Expansion expansion = expand_placeholders(planted.per_1000_requests, options);
  if (!expansion.problem.empty()) throw Error(ExitCode::kUsage, where + expansion.problem);
  const std::string& text = expansion.text;
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || !(value > 0 && value <= 1000)) {
    throw Error(ExitCode::kUsage, fmt::format("{}must be a number above 0 and at most 1000, {}",
                                              where, is_now(planted.per_1000_requests, text)));
  }
  return value;
}

std::vector<std::string> expand_command(const Manifest& manifest, const CommandValues& values) {
  const auto known = values_for(manifest, values, nullptr);
  auto command = expand_words(manifest, manifest.command, "/command", known);
  const auto named = names_in_main(manifest);
  for (const auto& [name, value] : values.options) {
    if (named.count(name) > 0) continue;
    command.push_back("--" + name);
    command.push_back(value);
  }
  return command;
}

std::vector<std::string> expand_command(const Manifest& manifest, const CommandValues& values,
                                        const ServiceSpec& service) {
  return expand_words(manifest, service.command, service_path(manifest, service) + "/command",
                      values_for(manifest, values, &service));
}

std::map<std::string, std::string> expand_environment(const Manifest& manifest,
                                                      const CommandValues& values,
                                                      const ServiceSpec* service) {
  const auto known = values_for(manifest, values, service);
  std::map<std::string, std::string> environment;
  const auto overlay = [&](const auto& variables, const std::string& path) {
    for (const auto& [name, text] : variables) {
      environment[name] = expand_text(manifest, text, path + "/" + name, known);
    }
  };
  overlay(manifest.environment, "/environment");
  for (std::size_t i = 0; i < manifest.variants.size(); ++i) {
    const VariantSpec& variant = manifest.variants[i];
    if (variant.name != values.variant) continue;
    overlay(variant.environment, fmt::format("/variants/{}/environment", i));
  }
  return environment;
}

bool has_control_port(const Manifest& manifest, const ServiceSpec* service) {
  auto names = names_in_environment(manifest);
  add_names(service ? service->command : manifest.command, &names);
  return names.count("control_port") > 0;
}

bool depends_on_bin_dir(const Manifest& manifest) {
  auto names = names_in_main(manifest);
  for (const ServiceSpec& service : manifest.services) add_names(service.command, &names);
  if (names.count("server") > 0) {
    for (const RuntimeSpec& runtime : manifest.runtimes) add_names({runtime.server}, &names);
  }
  return names.count("bin_dir") > 0;
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
