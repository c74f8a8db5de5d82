// `leakbench run` and `leakbench list`.
#ifndef LEAKBENCH_HARNESS_CLI_RUN_COMMAND_H_
#define LEAKBENCH_HARNESS_CLI_RUN_COMMAND_H_

#include <memory>
#include <string>
#include <vector>

#include "harness/base/error.h"

namespace CLI {
class App;
}

namespace leakbench {

class Command {
 public:
  virtual ~Command() = default;
  // After parsing, if the command was given. `argv` is the whole command line.
  virtual ExitCode run(const std::vector<std::string>& argv) = 0;
};

// Each adds its subcommand to `app`, which must outlive it.
std::unique_ptr<Command> add_run_command(CLI::App& app);
std::unique_ptr<Command> add_list_command(CLI::App& app);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_RUN_COMMAND_H_
