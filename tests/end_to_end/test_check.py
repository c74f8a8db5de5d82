"""`leakbench check` on runs that are good, that leak, and that somebody has changed."""

import json
import re
import shlex
import shutil

import pytest
from conftest import SOURCE, one_line_error

PAGE = SOURCE / "docs/verdict.md"


@pytest.fixture
def run_folder(tmp_path):
    return shutil.copytree(SOURCE / "results/reference", tmp_path / "run")


def edit(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def make_leak(run_folder, functions):
    """Turns what the variant with the context measured into a leak at these places."""

    def leak(verdict):
        verdict.update({"class": "leaking", "as_expected": False})

    for path in (run_folder / "reps").glob("*_with-context.json"):
        edit(path, lambda report: leak(report["verdict"]))

    def summarise(summary):
        arm = next(arm for arm in summary["arms"] if arm["name"] == "with-context")
        leak(arm["verdict"])
        summary["as_expected"] = False
        arm["leak_sites"] = [
            {"name": "work", "file": "shop/main.go", "line": 64, "function": function, "live": 5}
            | {"waits": {"mutex": 5}, "settled": 5}
            for function in functions
        ]

    edit(run_folder / "summary.json", summarise)


def test_the_committed_run_is_good(leakbench, run_folder):
    checked = leakbench("check", run_folder)
    assert checked.code == 0, checked.err
    assert "with-context: clean, as expected." in checked.out
    assert not checked.err


def test_a_bound_that_holds_exits_3(leakbench, run_folder):
    checked = leakbench("check", run_folder, "--fail-if", "live_tasks_after>0")
    assert checked.code == 3
    assert "failed: without-context: live_tasks_after is 20,000 (live_tasks_after>0)" in checked.out
    assert "kept: with-context: live_tasks_after is 0" in checked.out


def test_what_was_not_measured_exits_5_only_when_strict(leakbench, run_folder):
    words = ("check", run_folder, "--fail-if", "gc_pause_total_ns>1ms")
    assert leakbench(*words).code == 0
    strict = leakbench(*words, "--strict")
    assert strict.code == 5
    assert "inconclusive: with-context: gc_pause_total_ns was not measured" in strict.out


@pytest.mark.parametrize(
    "words, said",
    [
        (["--fail-if", "live_task_after>0"], 'did you mean "live_tasks_after"?'),
        (["--fail-if", "with-contex:live_tasks_after>0"], 'did you mean "with-context"?'),
        (["--fail-if", "response_time_p99_ns>50"], "needs a time with its unit"),
        (["--baseline", "none.json"], "none.json: No such file"),
        (["--write-baseline", "none/x"], "choose a folder that is there and can be written to"),
    ],
)
def test_a_slip_of_the_pen_exits_2_and_says_what_was_meant(leakbench, run_folder, words, said):
    checked = leakbench("check", run_folder, *words)
    assert checked.code == 2
    assert said in one_line_error(checked)


def test_a_leak_exits_4_and_names_its_places(leakbench, run_folder):
    make_leak(run_folder, ["main.startMany"])
    checked = leakbench("check", run_folder)
    assert checked.code == 4
    assert "with-context: leaking, but clean was expected." in checked.out
    assert "5 left over, started at shop/main.go:64 (work)\n    waiting for a mutex" in checked.out


def test_a_baseline_accepts_what_is_known_and_fails_on_what_is_new(leakbench, run_folder, tmp_path):
    make_leak(run_folder, ["main.startMany", "main.startOne"])
    written = leakbench("check", run_folder, "--write-baseline", "known.json")
    assert written.code == 0, written.err
    assert "known.json: 2 places known from now on" in written.out
    entries = json.loads((tmp_path / "known.json").read_text())["entries"]
    assert [entry["started_at"] for entry in entries] == ["main.startMany", "main.startOne"]
    again = leakbench("check", run_folder, "--write-baseline", "known.json")
    assert again.code == 2 and "is there already" in one_line_error(again)

    known = leakbench("check", run_folder, "--baseline", "known.json")
    assert known.code == 0, known.out
    make_leak(run_folder, ["main.startMany", "main.startNew"])
    new = leakbench("check", run_folder, "--baseline", "known.json")
    assert new.code == 4
    assert "entry 2 (started_at main.startOne) fits no task here" in new.out


def test_broken_changed_and_newer_files_are_refused_on_one_line(leakbench, run_folder):
    summary = run_folder / "summary.json"
    whole = summary.read_text()

    def check_again(code, said):
        checked = leakbench("check", run_folder)
        assert checked.code == code
        assert said in one_line_error(checked)
        assert not checked.out
        summary.write_text(whole)

    summary.write_text(whole[: len(whole) // 2])
    check_again(2, "not JSON")
    edit(summary, lambda s: s["arms"][1]["metrics"]["memory_peak_bytes"].update(median=1))
    check_again(2, "/arms/1/metrics/memory_peak_bytes/median: is 1, the values beside it say")
    edit(summary, lambda s: s.update(schema_version="2.0.0"))
    check_again(7, "schema version 2.0.0")
    edit(run_folder / "run.json", lambda run: run.update(status="running"))
    summary.unlink()
    check_again(6, "the run is running and has no summary.json")


def page_commands():
    """Yields each command of the page with what it says that it prints."""
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL):
        command, _, printed = block.partition("\n")
        yield pytest.param(command.removeprefix("$ "), printed, id=command[-30:])


@pytest.mark.parametrize("command, printed", page_commands())
def test_the_page_shows_what_is_printed(leakbench, tmp_path, command, printed):
    (tmp_path / "results").symlink_to(SOURCE / "results")
    program, *words = shlex.split(command)
    assert program == "build/release/bin/leakbench"
    checked = leakbench(*words)
    assert checked.out == printed
    assert checked.code == (5 if "--strict" in words else 0)


def test_the_gate_of_the_help_is_not_about_the_jobs_that_a_service_always_has(leakbench):
    assert "--fail-if 'with-context:leaked_tasks_per_request>0'" in leakbench("check", "--help").out
    words = ("--variant", "pool", "--set", "pool-size=20", "--set", "drain=100ms", "--rounds", 1)
    finished = leakbench("run", "false-alarms", "--pairs", 1, *words)
    assert finished.code == 0, finished.out + finished.err
    metrics = finished.load("summary.json")["arms"][0]["metrics"]
    assert metrics["live_tasks_settled"]["median"] == 20  # the pool has filled in the warm-up
    gate = ("check", finished.folder, "--fail-if")
    assert leakbench(*gate, "leaked_tasks_per_request>0").code == 0
    assert leakbench(*gate, "live_tasks_settled>0").code == 3
