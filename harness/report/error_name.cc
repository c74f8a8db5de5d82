#include "harness/report/error_name.h"

#include <cstring>

namespace leakbench {

std::string error_name(int error) {
  const char* const name = ::strerrorname_np(error);
  return name == nullptr ? std::to_string(error) : name;
}

}  // namespace leakbench
