"""Programs in Go that tests hold our output against, built once where a Go proxy answers."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "build" / "test-tools"


def go_tool(name, package):
    """The program `name`, from PATH or built from `package` ("PATH@VERSION"); skips the test with
    the reason where there is neither."""
    found = shutil.which(name)
    if found:
        return found
    if (FOLDER / "bin" / name).exists():
        return str(FOLDER / "bin" / name)
    if not shutil.which("go"):
        pytest.skip(f"{name} is not installed, and there is no Go to build it with")
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Nothing of it goes where a person has their own Go programs.
    environment = {"GOPATH": str(FOLDER), "GOBIN": str(FOLDER / "bin"), "GOFLAGS": "-modcacherw"}
    try:
        done = subprocess.run(
            ["go", "install", package], cwd=FOLDER, env={**os.environ, **environment},
            capture_output=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip(f"go install {package} did not end within five minutes")
    if done.returncode != 0:
        pytest.skip(f"go install {package}: {done.stderr.strip().splitlines()[-1]}")
    return str(FOLDER / "bin" / name)
