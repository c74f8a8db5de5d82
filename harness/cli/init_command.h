// `leakbench init`.
#ifndef LEAKBENCH_HARNESS_CLI_INIT_COMMAND_H_
#define LEAKBENCH_HARNESS_CLI_INIT_COMMAND_H_

#include <filesystem>
#include <memory>
#include <string>

#include "harness/cli/run_command.h"

namespace leakbench {

// Adds the subcommand to `app`, which must outlive it.
std::unique_ptr<Command> add_init_command(CLI::App& app);

// Writes a manifest. Throws Error(kUsage) for a name that `leakbench run` would not take for a
// file, and for a file that is there unless `overwrite`.
void write_manifest(const std::filesystem::path& file, const std::string& text, bool overwrite);

// `text` as a shell takes it for one word.
std::string shell_word(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_INIT_COMMAND_H_
