// The name of an errno.
#ifndef LEAKBENCH_HARNESS_REPORT_ERROR_NAME_H_
#define LEAKBENCH_HARNESS_REPORT_ERROR_NAME_H_

#include <string>

namespace leakbench {

// "ECONNRESET"; the number itself where it has no name.
std::string error_name(int error);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_ERROR_NAME_H_
