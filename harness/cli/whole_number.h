// What a numeric option of the command line takes.
#ifndef LEAKBENCH_HARNESS_CLI_WHOLE_NUMBER_H_
#define LEAKBENCH_HARNESS_CLI_WHOLE_NUMBER_H_

#include <CLI/CLI.hpp>
#include <cstdint>

namespace leakbench {

// For option->check(): refuses, naming the value, what is not a decimal number from `least` to
// `most`; --help shows the range.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_WHOLE_NUMBER_H_
