# Writes OUTPUT, a header with the commit that SOURCE_DIR is at and whether tracked files differ from
# it. Both are null outside a git checkout of this very project (an unpacked archive, also one that
# lies inside another repository). The file is touched only when its content changes.
set(commit "")
set(dirty "std::nullopt")

if(GIT)
  file(REAL_PATH "${SOURCE_DIR}" source)
  execute_process(COMMAND ${GIT} -C "${source}" rev-parse --show-toplevel
    OUTPUT_VARIABLE toplevel OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND toplevel STREQUAL source)
    execute_process(COMMAND ${GIT} -C "${source}" rev-parse --verify HEAD
      OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      set(commit "${head}")
      # Without optional locks: a build must not make a commit in another terminal fail.
      execute_process(COMMAND ${GIT} --no-optional-locks -C "${source}" status --porcelain
          --untracked-files=no
        OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
      if(NOT failed AND changes STREQUAL "")
        set(dirty "false")
      elseif(NOT failed)
        set(dirty "true")
      endif()
    endif()
  endif()
endif()

set(content "// Generated at each build by git_commit.cmake.
#ifndef LEAKBENCH_HARNESS_REPORT_GIT_COMMIT_H_
#define LEAKBENCH_HARNESS_REPORT_GIT_COMMIT_H_

#include <optional>

namespace leakbench {

inline constexpr char kBuildGitCommit[] = \"${commit}\";  // empty when not known
inline constexpr std::optional<bool> kBuildGitDirty = ${dirty};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_GIT_COMMIT_H_
")
set(previous "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" previous)
endif()
if(NOT previous STREQUAL content)
  file(WRITE "${OUTPUT}" "${content}")
endif()
