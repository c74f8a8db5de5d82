"""Builds checkouts, each once."""

import json
import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from leakbench_report.errors import ReportError
from leakbench_report.json_files import parse

from leakbench_compare.branches.checkouts import SHORT, stamp_of
from leakbench_compare.branches.processes import note, run_logged

ROOT = Path(__file__).resolve().parents[3]  # of leakbench itself
BIN_DIR = "build/release/bin"


@dataclass(frozen=True)
class Recipe:
    """How a checkout becomes a folder of binaries."""

    command: str  # for sh, in the checkout
    bin_dir: str  # relative to the checkout
    program: str = None  # in there, which the manifest starts; None where that is not known

    def build(self, checkout):
        """Returns the folder of the binaries; builds only what was not built by this recipe."""
        stamp, binaries = stamp_of(checkout), checkout / self.bin_dir
        recipe = json.dumps([self.command, self.bin_dir])
        built = stamp.read_text(encoding="utf-8") if stamp.exists() else None
        if built != recipe or not binaries.is_dir():
            # Gone until the build is whole: one that was interrupted is begun again.
            stamp.unlink(missing_ok=True)
            self.run(checkout, binaries)
            stamp.write_text(recipe, encoding="utf-8")
        stamp.touch()
        if self.program and not (binaries / self.program).is_file():
            raise ReportError(
                f"the build of {checkout.name[:SHORT]} left no {self.program} in {binaries}, which "
                "the manifest starts: is that folder (--bin-dir) the one it builds into?",
                1,
            )
        return binaries

    def run(self, checkout, binaries):
        name, log = checkout.name[:SHORT], checkout.with_name(f"{checkout.name}.log")
        note(f"building {name} (log: {log})")
        title, command = f"the build of {name}, {self.command},", ["sh", "-c", self.command]
        environment = {**os.environ, **compiler_cache(), **trusting_git()}
        run_logged(title, command, log, cwd=checkout, env=environment)
        if not binaries.is_dir():
            raise ReportError(
                f"the build of {name} left no folder {self.bin_dir}: name the one that has the "
                "server with --bin-dir",
                1,
            )


def compiler_cache():
    """CMake's variable that makes ccache remember what other checkouts had compiled."""
    name = "CMAKE_CXX_COMPILER_LAUNCHER"
    return {name: "ccache"} if shutil.which("ccache") and name not in os.environ else {}


def trusting_git():
    """What lets the build ask git about its checkout, as `go build` does, in a container where that
    belongs to another user."""
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    setting = {f"GIT_CONFIG_KEY_{count}": "safe.directory", f"GIT_CONFIG_VALUE_{count}": "*"}
    return {"GIT_CONFIG_COUNT": str(count + 1), **setting}


def own_recipe(*targets):
    """How leakbench itself is built, no more than these programs."""
    parallel = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or len(os.sched_getaffinity(0))
    return Recipe(
        "cmake --preset release && cmake --build --preset release "
        f"--parallel {parallel} --target {shlex.join(sorted(targets))}",
        BIN_DIR,
    )


def programs_of(scenario, checkout, options):
    """The programs that `leakbench run` with these options starts for a scenario: what follows
    {bin_dir}/ in its manifest."""
    path = Path(scenario)
    if not scenario.endswith(".json"):
        path = checkout / "scenarios" / scenario / "scenario.json"
    manifest = parse(path)
    runtimes = manifest.get("runtimes") if isinstance(manifest, dict) else None
    if runtimes and not any(word.startswith("--runtime") for word in options):
        # Unless others are asked for it is the first that is measured.
        manifest["runtimes"] = runtimes[:1]
    programs = set(re.findall(r'"\{bin_dir\}/([A-Za-z0-9_.-]+)"', json.dumps(manifest)))
    if not programs:
        raise ReportError(
            f"nothing in {path} starts with {{bin_dir}}/, so that all builds of it are the same"
        )
    return programs


def program_of(manifest):
    """What follows {bin_dir}/ at the beginning of the manifest's command; None for any other."""
    command = manifest.get("command") if isinstance(manifest, dict) else None
    first = str(command[0]) if isinstance(command, list) and command else ""
    return first.removeprefix("{bin_dir}/") if re.fullmatch(r"{bin_dir}/[^{}]+", first) else None


def installed_leakbench():
    """The leakbench that is built in the checkout that this script is in."""
    binary = ROOT / BIN_DIR / "leakbench"
    if not os.access(binary, os.X_OK):
        raise ReportError(
            f"there is no {binary}: in {ROOT} run cmake --preset release && cmake --build --preset "
            "release -t leakbench, or name one with --leakbench"
        )
    return binary
