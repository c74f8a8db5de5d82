#ifndef LEAKBENCH_HARNESS_REPORT_BUILD_INFO_H_
#define LEAKBENCH_HARNESS_REPORT_BUILD_INFO_H_

#include <optional>
#include <string>

namespace leakbench {

// What this binary was built with and from.
struct BuildInfo {
  std::string compiler;        // "g++ 12.2.0"
  std::string build_type;      // "Release"; empty when CMake was given none
  std::string compiler_flags;  // "-O3 -DNDEBUG"
  std::string sanitizers;      // "address,undefined"; empty for none
  std::string allocator;       // of the servers of this build: "tcmalloc" or "libc"
  // Null when it was not built from a git checkout. Dirty: a tracked file differed from the commit.
  std::optional<std::string> git_commit;
  std::optional<bool> git_dirty;
};

BuildInfo build_info();

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_BUILD_INFO_H_
