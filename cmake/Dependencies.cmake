# Finds every library the project uses. All that is missing is named in one message, each with the
# Debian package that brings it, so that one apt-get line mends it.

set(LEAKBENCH_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them; empty for none")

set(missing_dependencies "")
macro(require_dependency found what package)
  if(NOT ${found})
    list(APPEND missing_dependencies "${package}")
    message(STATUS "missing: ${what} (Debian package ${package})")
  endif()
endmacro()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

find_package(GTest QUIET)
require_dependency(GTest_FOUND "GoogleTest" libgtest-dev)
find_package(benchmark QUIET)
require_dependency(benchmark_FOUND "Google Benchmark" libbenchmark-dev)
find_package(nlohmann_json QUIET)
require_dependency(nlohmann_json_FOUND "nlohmann/json" nlohmann-json3-dev)
find_package(fmt QUIET)
require_dependency(fmt_FOUND "{fmt}" libfmt-dev)
find_package(CLI11 QUIET)
require_dependency(CLI11_FOUND "CLI11" libcli11-dev)
find_package(prometheus-cpp QUIET CONFIG)
require_dependency(prometheus-cpp_FOUND "prometheus-cpp" prometheus-cpp-dev)
find_package(PkgConfig QUIET)
require_dependency(PkgConfig_FOUND "pkg-config" pkg-config)
if(PkgConfig_FOUND)
  pkg_check_modules(httplib QUIET IMPORTED_TARGET cpp-httplib)
  pkg_check_modules(liburing QUIET IMPORTED_TARGET liburing>=2.3)
endif()
require_dependency(httplib_FOUND "cpp-httplib" libcpp-httplib-dev)
require_dependency(liburing_FOUND "liburing 2.3" liburing-dev)
find_package(ZLIB QUIET)
require_dependency(ZLIB_FOUND "zlib" zlib1g-dev)
find_package(Boost 1.74 QUIET)
require_dependency(Boost_FOUND "Boost.Beast headers" libboost-dev)
find_path(GPERFTOOLS_INCLUDE_DIR gperftools/malloc_extension.h)
find_library(TCMALLOC_LIBRARY NAMES tcmalloc)
find_library(PROFILER_LIBRARY NAMES profiler)
if(GPERFTOOLS_INCLUDE_DIR AND TCMALLOC_LIBRARY AND PROFILER_LIBRARY)
  set(GPERFTOOLS_FOUND TRUE)
endif()
require_dependency(GPERFTOOLS_FOUND "gperftools" libgoogle-perftools-dev)

if(missing_dependencies)
  list(JOIN missing_dependencies " " packages)
  message(FATAL_ERROR
    "leakbench needs libraries that are not installed.\n"
    "  On Debian or Ubuntu: apt-get install ${packages}\n"
    "  or run scripts/install-deps, which installs all of them.")
endif()

# tcmalloc and a sanitizer's own allocator exclude each other; such a build reports in-use bytes as null.
add_library(leakbench_allocator INTERFACE)
add_library(leakbench::allocator ALIAS leakbench_allocator)
if(NOT LEAKBENCH_SANITIZE)
  target_link_libraries(leakbench_allocator INTERFACE ${TCMALLOC_LIBRARY})
  target_include_directories(leakbench_allocator INTERFACE ${GPERFTOOLS_INCLUDE_DIR})
  target_compile_definitions(leakbench_allocator INTERFACE LEAKBENCH_TCMALLOC=1)
endif()

# The servers' CPU profiler; a sanitizer's own unwinder is not made for its signals.
add_library(leakbench_cpu_profiler INTERFACE)
add_library(leakbench::cpu_profiler ALIAS leakbench_cpu_profiler)
if(NOT LEAKBENCH_SANITIZE)
  target_link_libraries(leakbench_cpu_profiler INTERFACE ${PROFILER_LIBRARY})
  target_include_directories(leakbench_cpu_profiler INTERFACE ${GPERFTOOLS_INCLUDE_DIR})
  target_compile_definitions(leakbench_cpu_profiler INTERFACE LEAKBENCH_CPU_PROFILER=1)
endif()
