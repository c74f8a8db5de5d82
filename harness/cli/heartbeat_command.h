// `leakbench heartbeat`, which `leakbench run` starts beside its servers; not for people.
#ifndef LEAKBENCH_HARNESS_CLI_HEARTBEAT_COMMAND_H_
#define LEAKBENCH_HARNESS_CLI_HEARTBEAT_COMMAND_H_

#include <memory>

#include "harness/cli/run_command.h"

namespace leakbench {

// Adds the subcommand to `app`, which must outlive it, and keeps it out of the help.
std::unique_ptr<Command> add_heartbeat_command(CLI::App& app);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_HEARTBEAT_COMMAND_H_
