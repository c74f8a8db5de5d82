#include "harness/report/build_info.h"

#include "harness/report/build_config.h"
#include "harness/report/git_commit.h"

namespace leakbench {

BuildInfo build_info() {
  BuildInfo info;
  info.compiler = kBuildCompiler;
  info.build_type = kBuildType;
  info.compiler_flags = kBuildCompilerFlags;
  info.sanitizers = kBuildSanitizers;
#ifdef LEAKBENCH_TCMALLOC
  info.allocator = "tcmalloc";
#else
  info.allocator = "libc";
#endif
  if (kBuildGitCommit[0] != '\0') info.git_commit = kBuildGitCommit;
  info.git_dirty = kBuildGitDirty;
  return info;
}

}  // namespace leakbench
