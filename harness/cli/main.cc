#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/cli/check_command.h"
#include "harness/cli/command_line_error.h"
#include "harness/cli/heartbeat_command.h"
#include "harness/cli/init_command.h"
#include "harness/cli/load_command.h"
#include "harness/cli/run_command.h"
#include "harness/cli/show_command.h"

namespace leakbench {
namespace {

ExitCode run(int argc, char** argv) {
  CLI::App app("Does a server leak tasks, where, and what does it cost?", "leakbench");
  app.set_version_flag("--version", LEAKBENCH_VERSION);
  app.require_subcommand(1);
  std::map<std::string, std::unique_ptr<Command>> commands;
  commands["run"] = add_run_command(app);
  commands["list"] = add_list_command(app);
  commands["init"] = add_init_command(app);
  commands["check"] = add_check_command(app);
  commands["show"] = add_show_command(app);
  commands["load"] = add_load_command(app);
  commands["heartbeat"] = add_heartbeat_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help and --version
    app.exit(done);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    throw Error(ExitCode::kUsage, explain(error, app, {argv + std::min(argc, 1), argv + argc}));
  }
  const std::string& given = app.get_subcommands().front()->get_name();
  return commands.at(given)->run(std::vector<std::string>(argv, argv + argc));
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  using leakbench::ExitCode;
  try {
    return static_cast<int>(leakbench::run(argc, argv));
  } catch (const leakbench::Error& error) {
    fmt::print(stderr, "leakbench: {}\n", error.what());
    return static_cast<int>(error.exit_code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "leakbench: internal error: {}\n", error.what());
    return static_cast<int>(ExitCode::kInternal);
  }
}
