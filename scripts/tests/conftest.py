"""Lets the tests import what the commands import, and gives them made-up run folders."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))
sys.path.insert(0, str(SCRIPTS / "tests"))

from synthetic import make_run  # noqa: E402


@pytest.fixture
def run_folder(tmp_path):
    """A complete made-up run of two blocks that a test may change."""
    return make_run(tmp_path / "run", blocks=2)


def run_command(name, *arguments, interpreter=(), **environment):
    """Runs a command of scripts/ as a person would and returns what came of it."""
    return subprocess.run(
        [*interpreter, str(SCRIPTS / name), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def call():
    return run_command


@pytest.fixture(scope="session")
def refused():
    """Asserts that a command ended with `code` and one line that holds every part of `parts`."""

    def check(result, code, *parts):
        assert result.returncode == code, result.stderr
        lines = [line for line in result.stderr.splitlines() if ": note: " not in line]
        assert len(lines) == 1, result.stderr
        for part in parts:
            assert part in lines[0]

    return check
