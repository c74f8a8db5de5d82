// Runs a program for what it prints.
#ifndef LEAKBENCH_HARNESS_RUN_TOOL_RUN_H_
#define LEAKBENCH_HARNESS_RUN_TOOL_RUN_H_

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/context/context.h"

namespace leakbench {

struct ToolOutput {
  std::optional<std::string> text;  // of both outputs, when it ended with status 0
  std::string problem;              // otherwise why not, as one clause
  bool started = true;              // false: there is no such program
};

// Runs `command`, with `environment` over this process's own, until it ends, `bound` has passed or
// `ctx` is done: then it is killed, with all that it has started. `scratch` takes what it prints
// meanwhile, and is removed.
ToolOutput run_tool(const std::vector<std::string>& command,
                    const std::map<std::string, std::string>& environment,
                    const std::filesystem::path& scratch, Duration bound, const Context& ctx);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TOOL_RUN_H_
