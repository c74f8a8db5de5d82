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

// What an option takes, as the help has it: "1..10000" of "INT:1..10000"; "" where that says no
// more than that it is a text or a number.
std::string taken_by(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (const auto colon = type.rfind(':'); colon != std::string::npos) return type.substr(colon + 1);
  const bool plain = type == "TEXT" || type == "INT" || type == "UINT" || type == "FLOAT";
  return plain ? "" : type;
}

// The parser's own complaints, of which it gives nothing but the text: "--pairs: 1 required INT
// missing", "scenario excludes --all".
std::string in_our_words(const CLI::App& command, const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::string first = text.substr(0, text.find_first_of(": "));
  const CLI::Option* option = command.get_option_no_throw(first);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && option != nullptr &&
      text.ends_with(" missing")) {
    const std::string taken = taken_by(*option);
    return fmt::format("{} needs a value{}", first, taken.empty() ? "" : ": " + taken);
  }
  constexpr std::string_view kExcludes = " excludes ";
  if (const auto at = text.find(kExcludes);
      dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr && at != std::string::npos) {
    return fmt::format("{} and {} do not go together: leave one out",
                       first.starts_with('-') ? first : "a " + first,
                       text.substr(at + kExcludes.size()));
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !command.remaining().empty()) {
    return fmt::format("{} is one word too many", in_quotes(command.remaining().front()));
  }
  return one_line(text);
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
  return in_our_words(command, error);
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
