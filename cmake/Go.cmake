# Go, for servers written in it. It is optional: without Go 1.19 or newer the functions below do nothing.
#
# Nothing is downloaded, and no setting of another project is used. Code is compiled for the Go that
# compiles it: go.mod asks for an old one, so that Debian's builds it, and by that line a newer Go would
# bring back old behaviour, of timers for example.

set(LEAKBENCH_LEAST_GO 1.19)
set(LEAKBENCH_GO "")  # the command, ready for a subcommand; empty without a Go that will do

find_program(LEAKBENCH_GO_EXECUTABLE go)
if(LEAKBENCH_GO_EXECUTABLE)
  set(command ${CMAKE_COMMAND} -E env GOTOOLCHAIN=local GOPROXY=off GOWORK=off GOFLAGS=-mod=mod)
  # The profile of goroutines that can never go on: an experiment in 1.26, refused before it and not
  # needed after.
  execute_process(COMMAND ${command} GOEXPERIMENT=goroutineleakprofile ${LEAKBENCH_GO_EXECUTABLE} env GOVERSION
    RESULT_VARIABLE refused OUTPUT_QUIET ERROR_QUIET)
  if(NOT refused)
    list(APPEND command GOEXPERIMENT=goroutineleakprofile)
  endif()
  execute_process(COMMAND ${command} ${LEAKBENCH_GO_EXECUTABLE} env GOVERSION
    OUTPUT_VARIABLE go_version ERROR_QUIET)
  if(go_version MATCHES "go([0-9]+\\.[0-9]+)" AND CMAKE_MATCH_1 VERSION_GREATER_EQUAL LEAKBENCH_LEAST_GO)
    set(LEAKBENCH_GO ${command} ${LEAKBENCH_GO_EXECUTABLE})
    set(go_language ${CMAKE_MATCH_1})
  endif()
endif()
if(NOT LEAKBENCH_GO)
  message(STATUS "missing: Go ${LEAKBENCH_LEAST_GO} or newer (Debian package golang-go), so no servers in Go")
endif()

# leakbench_go_module(): the folder holds a go.mod; once, before the functions below.
function(leakbench_go_module)
  if(NOT LEAKBENCH_GO)
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS go.mod)
  file(READ go.mod module)
  string(REGEX REPLACE "\ngo [0-9.]+\n" "\ngo ${go_language}\n" module "${module}")
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/go.mod CONTENT "${module}" @ONLY)
endfunction()

# leakbench_go_program(NAME PACKAGE): a program beside those in C++. File names in its profiles start
# with the name of the module.
function(leakbench_go_program name package)
  if(NOT LEAKBENCH_GO)
    return()
  endif()
  set(program ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.go)
  list(FILTER sources EXCLUDE REGEX "_test\\.go$")
  add_custom_command(OUTPUT ${program}
    COMMAND ${CMAKE_COMMAND} -E env CGO_ENABLED=0 ${LEAKBENCH_GO} build
            -modfile=${CMAKE_CURRENT_BINARY_DIR}/go.mod -trimpath -buildvcs=false -o ${program} ${package}
    DEPENDS ${sources} ${CMAKE_CURRENT_BINARY_DIR}/go.mod ${LEAKBENCH_GO_EXECUTABLE}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Building Go program bin/${name}"
    VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${program})
endfunction()

# leakbench_go_test(NAME PACKAGES...): the packages' tests. Built with ThreadSanitizer they run under
# Go's race detector, and are left out where Go comes without it.
function(leakbench_go_test name)
  if(NOT LEAKBENCH_GO)
    return()
  endif()
  set(cgo CGO_ENABLED=0)
  set(race "")
  if(LEAKBENCH_SANITIZE MATCHES "thread")
    execute_process(COMMAND ${LEAKBENCH_GO} env GOROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE)
    file(GLOB_RECURSE race_runtime ${root}/src/runtime/race/*.syso)
    if(NOT race_runtime)
      message(STATUS "missing: Go's race detector, so no test ${name}")
      return()
    endif()
    set(cgo CGO_ENABLED=1)
    set(race -race)
  endif()
  add_test(NAME ${name}
    COMMAND ${CMAKE_COMMAND} -E env ${cgo} ${LEAKBENCH_GO} test -modfile=${CMAKE_CURRENT_BINARY_DIR}/go.mod
            -count=1 ${race} ${ARGN}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  # The first run compiles Go's library.
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS concurrency)
endfunction()
