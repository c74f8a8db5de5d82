"""leakbench show and list --runs, on the committed run and on what was made of it."""

import json
import os
import pty
import shutil
import subprocess

import pytest
from conftest import LEAKBENCH, SOURCE

REFERENCE = SOURCE / "results/reference"


def leakbench(*words, **options):
    return subprocess.run(
        [str(LEAKBENCH), *map(str, words)], capture_output=True, text=True, timeout=120,
        check=False, **options,
    )


@pytest.fixture
def run(tmp_path):
    """A copy of the committed run that a test may spoil."""
    return shutil.copytree(REFERENCE, tmp_path / "results" / "run")


def change(path, **fields):
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def test_show_prints_table_verdicts_live_tasks_and_sites():
    shown = leakbench("show", REFERENCE)
    assert (shown.returncode, shown.stderr) == (0, "")
    for part in (
        "Maximum memory", "without-context: lingering, as expected.", "Live tasks, 0 to 20,000",
        "█", "started at scenarios/orphaned-task/server.cc:66 (expensive_work)", "complete",
    ):
        assert part in shown.stdout
    assert "\x1b" not in shown.stdout


def test_colour_is_for_terminals_that_have_not_refused_it():
    def shown_in_a_terminal(**environment):
        ours, theirs = pty.openpty()
        command = [str(LEAKBENCH), "list", "--runs", str(SOURCE / "results")]
        inherited = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        subprocess.run(command, stdout=theirs, env={**inherited, **environment}, check=True)
        os.close(theirs)
        text = os.read(ours, 65536).decode()
        os.close(ours)
        return text

    assert "\x1b[1m" in shown_in_a_terminal()
    assert "\x1b" not in shown_in_a_terminal(NO_COLOR="1")


def test_list_runs_has_a_line_for_each_run_of_the_folder(run):
    listed = leakbench("list", "--runs", cwd=run.parents[1])
    assert (listed.returncode, listed.stderr) == (0, "")
    [line] = listed.stdout.splitlines()[1:]
    for part in ("results/run", "orphaned-task", "complete", "with-context clean"):
        assert part in line


def test_list_runs_of_an_empty_folder_says_so(tmp_path):
    listed = leakbench("list", "--runs", tmp_path)
    assert (listed.returncode, listed.stdout) == (0, "")
    assert "no run in" in listed.stderr


def first(run, pattern):
    """The first file of that pattern, relative to the run: which arm began is chance."""
    return str(min(run.glob(pattern)).relative_to(run))


@pytest.mark.parametrize("pattern", ["run.json", "summary.json", "reps/*_with-context.json"])
@pytest.mark.parametrize("command", [("show",), ("list", "--runs")])
def test_a_newer_major_version_is_refused(run, command, pattern):
    name = first(run, pattern)
    change(run / name, schema_version="2.0.0")
    done = leakbench(*command, run if command == ("show",) else run.parent)
    if command != ("show",) and name.startswith("reps"):
        assert done.returncode == 0  # the list reads no repetitions
        return
    assert done.returncode == 7
    [line] = done.stderr.splitlines()
    assert f"{name} has schema version 2.0.0" in line


@pytest.mark.parametrize(
    "pattern",
    ["run.json", "summary.json", "reps/*_without-context.json", "samples/*_without-context.csv"],
)
def test_a_truncated_file_is_named_in_one_line(run, pattern):
    name = first(run, pattern)
    path = run / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = leakbench("show", run)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert name in line


def test_an_edited_figure_is_named(run):
    summary = json.loads((run / "summary.json").read_text())
    summary["arms"][0]["metrics"]["memory_peak_bytes"]["median"] = 1
    (run / "summary.json").write_text(json.dumps(summary))
    done = leakbench("show", run)
    assert done.returncode == 2
    assert "/arms/0/metrics/memory_peak_bytes/median: is 1, the values beside it say" in done.stderr


def test_a_run_without_a_complete_repetition_is_incomplete(run):
    plan = json.loads((run / "run.json").read_text())
    for repetition in plan["repetitions"]:
        repetition.update(status="planned", file=None)
    (run / "run.json").write_text(json.dumps({**plan, "status": "interrupted"}))
    (run / "summary.json").unlink()
    done = leakbench("show", run)
    assert done.returncode == 6
    assert "There is no summary.json" in done.stdout
    assert "has no complete repetition" in done.stderr
