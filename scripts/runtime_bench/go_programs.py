"""Builds the peer in Go."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from leakbench_bench.builds import ROOT, BuildError

GO_SOURCE = ROOT / "runtime/benchmark/go"
LEAST_GO = (1, 19)


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
