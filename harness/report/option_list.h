#ifndef LEAKBENCH_HARNESS_REPORT_OPTION_LIST_H_
#define LEAKBENCH_HARNESS_REPORT_OPTION_LIST_H_

#include <string>
#include <utility>
#include <vector>

namespace leakbench {

// Options of a server, name to value, in the manifest's order.
using OptionList = std::vector<std::pair<std::string, std::string>>;

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_OPTION_LIST_H_
