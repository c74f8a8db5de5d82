#ifndef LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_
#define LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_

#include <cstdint>
#include <map>
#include <string>

namespace leakbench {

// Tasks alive at the last response that were started at one place, and what they waited for.
struct LeakSite {
  std::string name;
  std::string file;  // relative to the project
  int line = 0;
  std::string function;
  std::int64_t live = 0;
  std::map<std::string, std::int64_t> waits;  // wait reason -> tasks: {"timer", 19990}
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_LEAK_SITE_H_
