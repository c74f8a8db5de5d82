#ifndef LEAKBENCH_HARNESS_CLI_COMMAND_LINE_ERROR_H_
#define LEAKBENCH_HARNESS_CLI_COMMAND_LINE_ERROR_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace leakbench {

// The commands that are not hidden.
std::vector<std::string> names_of_commands(const CLI::App& app);

// What is wrong with a command line that `app` has not taken, what was probably meant, and which
// help to read. `words` are those behind the program's name.
std::string explain(const CLI::ParseError& error, const CLI::App& app,
                    const std::vector<std::string>& words);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_COMMAND_LINE_ERROR_H_
