// `leakbench check`.
#ifndef LEAKBENCH_HARNESS_CLI_CHECK_COMMAND_H_
#define LEAKBENCH_HARNESS_CLI_CHECK_COMMAND_H_

#include <memory>

#include "harness/cli/run_command.h"

namespace leakbench {

// Adds the subcommand to `app`, which must outlive it.
std::unique_ptr<Command> add_check_command(CLI::App& app);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_CHECK_COMMAND_H_
