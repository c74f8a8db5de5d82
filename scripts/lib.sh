# shellcheck shell=bash
# What the shell scripts of this folder share. Sourced, never run; leaves the caller at the project's root.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# note TEXT: one progress line for the person who waits. stdout is for results.
note() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# fail EXIT_CODE TEXT
fail() {
  note "$2"
  exit "$1"
}

# quietly NAME COMMAND...: runs COMMAND with its output in build/NAME.log. Says nothing when it
# succeeds, shows the end of the log when it fails, returns its exit code.
quietly() {
  local log=build/$1.log status=0
  shift
  mkdir -p build
  "$@" >"$log" 2>&1 || status=$?
  if ((status != 0)); then
    tail -n 40 "$log" >&2
    note "exit code $status; the above is the end of $log"
  fi
  return "$status"
}

# Installs what is missing where apt-get can. Elsewhere CMake names what it does not find.
install_dependencies() {
  if command -v apt-get >/dev/null; then
    scripts/install-deps
  else
    note "no apt-get here: taking the libraries as installed; scripts/install-deps lists them"
  fi
}

# build_preset PRESET [TARGET...]: configures and builds these targets, or everything.
# CMAKE_BUILD_PARALLEL_LEVEL sets the number of compilers at a time; one per core without it.
build_preset() {
  local preset=$1 arguments=()
  shift
  if (($# > 0)); then
    arguments=(--target "$@")
  fi
  quietly "$preset-configure" cmake --preset "$preset" || return
  quietly "$preset-build" cmake --build --preset "$preset" \
    --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" "${arguments[@]}"
}
