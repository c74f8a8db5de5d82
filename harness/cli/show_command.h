// `leakbench show`, and what `leakbench list --runs` does: runs that are finished, in the terminal.
#ifndef LEAKBENCH_HARNESS_CLI_SHOW_COMMAND_H_
#define LEAKBENCH_HARNESS_CLI_SHOW_COMMAND_H_

#include <filesystem>
#include <memory>

#include "harness/cli/run_command.h"

namespace leakbench {

// Adds the subcommand to `app`, which must outlive it.
std::unique_ptr<Command> add_show_command(CLI::App& app);

// Prints the runs in `folder`. Those that cannot be read are named on stderr, and make the exit
// status theirs: kUsage or kNotComparable.
ExitCode list_runs(const std::filesystem::path& folder);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_SHOW_COMMAND_H_
