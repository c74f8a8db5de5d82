#include "harness/cli/command_line_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/target/wording.h"

namespace leakbench {
namespace {

// As they are written: "--pairs".
std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The first word that looks like an option and is none of the command's, without its value.
std::optional<std::string> unknown_option(const CLI::App& command) {
  for (const std::string& word : command.remaining()) {
    if (word.size() > 1 && word.front() == '-') return word.substr(0, word.find('='));
  }
  return std::nullopt;
}

std::string explain_option(const std::string& option, const CLI::App& command) {
  const auto meant = nearest(option, options_of(command));
  return fmt::format("there is no option {}{}", one_line(option, 60),
                     meant ? fmt::format("; did you mean {}?", *meant) : "");
}

// A command whose `name` is required, without it.
bool lacks(const std::string& name, const CLI::ParseError& error, const CLI::App& command) {
  const CLI::Option* option = command.get_option_no_throw(name);
  return option != nullptr && option->count() == 0 &&
         dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
}

std::string explain_in(const CLI::App& command, const CLI::ParseError& error) {
  if (const auto option = unknown_option(command)) return explain_option(*option, command);
  if (lacks("url", error, command)) {
    return "which server? give its URL, such as `leakbench load http://127.0.0.1:8080/`";
  }
  if (lacks("run", error, command)) {
    return fmt::format(
        "which run? give the folder of one, such as `leakbench {} results/reference`; `leakbench "
        "list --runs` lists those in results/",
        command.get_name());
  }
  return one_line(error.what());
}

std::string with_help(const std::string& text, const std::string& command) {
  return fmt::format("{}{} {} --help", text, text.ends_with('?') ? " See" : "; see", command);
}

}  // namespace

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  return names;
}

std::string explain(const CLI::ParseError& error, const CLI::App& app,
                    const std::vector<std::string>& words) {
  const auto names = names_of_commands(app);
  if (words.empty()) return fmt::format("which command? {}; see leakbench --help", listed(names));
  const std::string& name = words.front();
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return with_help(explain_in(*app.get_subcommand(name), error), "leakbench " + name);
  }
  if (!name.starts_with('-')) {
    return fmt::format("no command {}; {}", in_quotes(name), suggestion(name, names));
  }
  return with_help(explain_in(app, error), "leakbench");
}

}  // namespace leakbench
