"""Builds what is measured, and says with what it was built."""

import os
import platform
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GO_SOURCE = ROOT / "runtime/benchmark/go"
LEAST_GO = (1, 19)

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
    """Runs a function of lib.sh and returns its exit code."""
    process = subprocess.Popen(
        ["bash", "-c", SHELL, "bench-runtime", *words], cwd=ROOT, stdout=subprocess.DEVNULL
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


@dataclass(frozen=True)
class GoPrograms:
    version: str
    operations: Path
    hello: Path


def build_go(folder):
    """The peer's programs, built into `folder`; or None, and the reason for the person."""
    needed = ".".join(map(str, LEAST_GO))
    advice = f"install Go {needed} or newer (apt-get install golang-go, or https://go.dev/dl)"
    go = shutil.which("go")
    if go is None:
        return None, f"no `go` on PATH, so no figures of Go: {advice}"
    version = run_go(go, "env", "GOVERSION").stdout.strip()
    numbers = re.match(r"(?:devel )?go(\d+)\.(\d+)", version)
    if numbers is None or tuple(map(int, numbers.groups())) < LEAST_GO:
        return None, f"{go} is {version or 'broken'}, so no figures of Go: {advice}"
    folder.mkdir(parents=True, exist_ok=True)
    # go.mod asks for an old language, so that Debian's Go builds it; and by that line a newer Go
    # would bring back old behaviour, of timers for example. It is measured as it is by itself.
    module = folder / "go.mod"
    shutil.copyfile(GO_SOURCE / "go.mod", module)
    run_go(go, "mod", "edit", f"-go={'.'.join(numbers.groups())}", str(module))
    done = run_go(
        go, "build", f"-modfile={module}", "-buildvcs=false", "-o", f"{folder}/", "./..."
    )
    if done.returncode != 0:
        raise BuildError(f"{version} did not build {GO_SOURCE}: {done.stderr.strip()}")
    return GoPrograms(version, folder / "operations", folder / "hello"), None


def run_go(go, *words):
    """As the user has it, but nothing is downloaded and no setting of another project is used."""
    environment = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    return subprocess.run(
        [go, *words],
        cwd=GO_SOURCE,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def describe_environment(binaries, go_version, quick):
    """The head of FILE.json."""
    cache = read_cmake_cache(binaries.parent / "CMakeCache.txt")
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cpu_model": cpu_model(Path("/proc/cpuinfo").read_text(encoding="utf-8")),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "load_average": os.getloadavg()[0],
        "go_version": go_version,
        "compiler": compiler_version(cache.get("CMAKE_CXX_COMPILER")),
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


def compiler_version(compiler):
    if compiler is None:
        return None
    done = subprocess.run(
        [compiler, "--version"], capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.splitlines()[0] if done.returncode == 0 else None


def cpu_model(cpuinfo):
    found = re.search(r"^model name\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return found[1] if found else None
