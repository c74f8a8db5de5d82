"""Lets the tests import what the commands import, and gives them made-up run folders."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

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


@pytest.fixture
def report(monkeypatch, capsys):
    """Runs scripts/report.py in this process: what most of its tests need is its words."""
    spec = importlib.util.spec_from_file_location("report_command", SCRIPTS / "report.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["report.py", *map(str, arguments)])
        code = command.main()
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=out, stderr=err)

    return run


@pytest.fixture
def only(monkeypatch):
    """Leaves out all charts of a report but those that are named, which takes less time."""
    from leakbench_report.html import page

    charts = dict(page.CHARTS)

    def leave(*names):
        monkeypatch.setattr(page, "CHARTS", {name: charts[name] for name in names})

    return leave
