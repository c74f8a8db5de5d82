# One static library per module, its tests and micro benchmarks beside it.
include(GoogleTest)

# Every target of ours compiles with these; dependencies' headers are system headers and exempt.
add_library(leakbench_options INTERFACE)
target_compile_options(leakbench_options INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # Fires on std::string's own operator+ when optimising (GCC bug 105651, fixed in 13).
  target_compile_options(leakbench_options INTERFACE -Wno-restrict)
endif()
# Source places in profiles and reports are relative to the project, wherever it was built.
target_compile_options(leakbench_options INTERFACE -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
# Several files at a time parse what they include once, which takes a third of the work of a
# sanitizer build away, and finds what is there twice. It also lets the optimiser look across files:
# nothing that is measured is compiled so.
option(LEAKBENCH_BATCHES "Compile the tests, and of the harness all but the generator, in batches" OFF)
if(CMAKE_UNITY_BUILD OR LEAKBENCH_BATCHES)
  # Takes the files of a batch for headers, in which types of anonymous namespaces would be wrong.
  target_compile_options(leakbench_options INTERFACE -Wno-subobject-linkage)
endif()
target_include_directories(leakbench_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_libraries(leakbench_options INTERFACE Threads::Threads)
if(LEAKBENCH_SANITIZE)
  target_compile_options(leakbench_options INTERFACE
    -fsanitize=${LEAKBENCH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(leakbench_options INTERFACE -fsanitize=${LEAKBENCH_SANITIZE})
  target_compile_definitions(leakbench_options INTERFACE LEAKBENCH_SANITIZED=1)
endif()

# leakbench_module(NAME SOURCES a.cc ... DEPS leakbench::x ...)
function(leakbench_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(leakbench_${name} STATIC ${arg_SOURCES})
  add_library(leakbench::${name} ALIAS leakbench_${name})
  target_link_libraries(leakbench_${name} PUBLIC leakbench_options ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
endfunction()

# What is tested is optimised as ever; the tests' own code need not be, and compiles in half the time.
# Initialisers there name the fields that matter to the test, and leave the rest at their defaults.
set(LEAKBENCH_TEST_OPTIONS -O0 -Wno-missing-field-initializers -Winvalid-pch)

# Builds every test labelled `concurrency`, and nothing else: what runs under ThreadSanitizer.
add_custom_target(concurrency_tests)

# GoogleTest's header, compiled once for all tests.
add_library(leakbench_test_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/test_pch.cc)
target_link_libraries(leakbench_test_pch PRIVATE leakbench_options GTest::gtest)
target_compile_options(leakbench_test_pch PRIVATE ${LEAKBENCH_TEST_OPTIONS})
target_precompile_headers(leakbench_test_pch PRIVATE <gtest/gtest.h>)

# leakbench_test(NAME SOURCES a_test.cc ... DEPS ... [LABELS concurrency|end-to-end])
function(leakbench_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE leakbench_options ${arg_DEPS} GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${LEAKBENCH_TEST_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM leakbench_test_pch)
  if(LEAKBENCH_BATCHES)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON)
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120 LABELS "${arg_LABELS}")
  if("concurrency" IN_LIST arg_LABELS)
    add_dependencies(concurrency_tests ${name})
  endif()
endfunction()

# leakbench_benchmark(NAME SOURCES a_benchmark.cc ... DEPS ...): built, run by hand, never pass or fail.
# Not built with a sanitizer, whose times mean nothing.
function(leakbench_benchmark name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE leakbench_options ${arg_DEPS} leakbench::allocator benchmark::benchmark_main)
  if(LEAKBENCH_SANITIZE)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endfunction()
