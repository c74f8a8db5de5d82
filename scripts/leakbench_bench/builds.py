"""Builds what is measured, and says with what it was built."""

import os
import platform
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Installs and builds as scripts/bench does; the words after it are lib.sh's own.
SHELL = """
set -euo pipefail
source scripts/lib.sh
trap 'exit 130' INT
"$@"
"""


class BuildError(Exception):
    """A line for the person, and the exit code."""

    def __init__(self, message, exit_code=1):
        super().__init__(message)
        self.exit_code = exit_code


def shell(*words):
    """Runs a function of lib.sh, in the name of this command, and returns its exit code."""
    process = subprocess.Popen(
        ["bash", "-c", SHELL, sys.argv[0], *words], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        return process.wait()
    except BaseException:
        # Never killed: compilers and apt-get would go on without it.
        process.send_signal(signal.SIGINT)
        process.wait()
        raise


def install_dependencies():
    code = shell("install_dependencies")
    if code != 0:
        raise BuildError("scripts/install-deps failed, see above", code)


def build(preset, *targets):
    """Returns the folder of the binaries."""
    if shell("build_preset", preset, *targets) != 0:
        raise BuildError(f"the build of {preset} failed, see above")
    return ROOT / "build" / preset / "bin"


def describe_environment(binaries, quick):
    """The head of FILE.json."""
    cache = read_cmake_cache(binaries.parent / "CMakeCache.txt")
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cpu_model": cpu_model(Path("/proc/cpuinfo").read_text(encoding="utf-8")),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
        "compiler": first_line_of(cache.get("CMAKE_CXX_COMPILER"), "--version"),
        "flags": " ".join(
            filter(None, (cache.get("CMAKE_CXX_FLAGS"), cache.get("CMAKE_CXX_FLAGS_RELEASE")))
        ),
        "quick": quick,
    }


def read_cmake_cache(path):
    """Name to value; empty when there is no cache."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(re.match(r"([^:=]+):[^=]*=(.*)", line).groups() for line in lines if is_entry(line))


def is_entry(line):
    return re.match(r"[A-Za-z_][^:=]*:[^=]*=", line) is not None


def first_line_of(program, *words):
    """What a program says of its version, even one that fails as it does so; None without any."""
    if program is None:
        return None
    done = subprocess.run(
        [program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    lines = done.stdout.splitlines()
    return lines[0].strip() if lines else None


def cpu_model(cpuinfo):
    found = re.search(r"^model name\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return found[1] if found else None
