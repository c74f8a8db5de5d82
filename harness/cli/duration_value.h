// What an option of the command line takes that is a time.
#ifndef LEAKBENCH_HARNESS_CLI_DURATION_VALUE_H_
#define LEAKBENCH_HARNESS_CLI_DURATION_VALUE_H_

#include <CLI/CLI.hpp>
#include <string>

#include "runtime/time/clock.h"

namespace leakbench {

// For option->check(): refuses, naming the value, what is not a time with its unit, longer than 0
// and at most a day.
CLI::Validator duration_value();

// Of a text that duration_value() has accepted.
Duration accepted_duration(const std::string& text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_CLI_DURATION_VALUE_H_
