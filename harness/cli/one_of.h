#ifndef LEAKBENCH_HARNESS_CLI_ONE_OF_H_
#define LEAKBENCH_HARNESS_CLI_ONE_OF_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace leakbench {

// Refuses what is none of `words`, and says which was probably meant.
CLI::Validator one_of(std::vector<std::string> words);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_ONE_OF_H_
