"""`leakbench run` from start to finish, and independent looks at what it reports."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import (
    LEAKBENCH,
    SOURCE,
    Finished,
    eventually,
    is_running,
    servers_of,
    write_manifest,
)

METRICS_TO_BE_MEASURED = [
    "response_time_mean_ns",
    "response_time_p90_ns",
    "throughput_rps",
    "memory_peak_bytes",
    "memory_settled_bytes",
    "live_tasks_after",
    "live_tasks_settled",
    "leaked_tasks_per_request",
    "drain_time_ns",
    "cpu_percent",
    "cpu_ns_per_request",
    "pause_max_ns",
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One run of both variants, looked at by the tests below."""
    folder = tmp_path_factory.mktemp("run")
    path = write_manifest(folder)
    done = subprocess.run(
        [LEAKBENCH, "run", path, "--pairs", "2", "--seed", "7", "--out", folder / "out"],
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def arm(finished, name):
    return next(a for a in finished.load("summary.json")["arms"] if a["name"] == name)


def test_exits_0_when_every_verdict_is_as_expected(finished):
    assert finished.code == 0, finished.err
    assert arm(finished, "without-context")["verdict"]["class"] == "lingering"
    assert arm(finished, "with-context")["verdict"]["class"] == "clean"


def test_counts_every_task_that_outlives_its_request(finished):
    without = arm(finished, "without-context")["metrics"]
    assert without["live_tasks_after"]["values"] == [600, 600]
    assert without["live_tasks_settled"]["values"] == [0, 0]
    with_context = arm(finished, "with-context")["metrics"]
    assert max(with_context["live_tasks_after"]["values"]) <= 64
    assert with_context["live_tasks_settled"]["values"] == [0, 0]


def test_measures_every_metric_that_a_cpp_server_has(finished):
    for name in ("without-context", "with-context"):
        for metric in METRICS_TO_BE_MEASURED:
            assert None not in arm(finished, name)["metrics"][metric]["values"], (name, metric)
        assert arm(finished, name)["metrics"]["gc_pause_total_ns"]["median"] is None
        # 600 requests do not support it.
        assert arm(finished, name)["metrics"]["response_time_p99_ns"]["median"] is None


def test_serves_every_connection_without_an_error(finished):
    for path in (finished.folder / "reps").iterdir():
        load = json.loads(path.read_text())["load"]
        assert load["connections"] == {"asked": 200, "established": 200, "served": 200}
        assert load["requests"]["sent"] == load["requests"]["ok"] == 600


def test_names_the_place_that_starts_the_orphans(finished):
    sites = arm(finished, "without-context")["leak_sites"]
    assert sites[0]["name"] == "expensive_work"
    assert sites[0]["file"] == "scenarios/orphaned-task/server.cc"
    assert sites[0]["live"] == 600
    line = (SOURCE / sites[0]["file"]).read_text().splitlines()[sites[0]["line"] - 1]
    assert "go(expensive_work(background()" in line


def test_puts_results_on_stdout_and_a_line_per_repetition_on_stderr(finished):
    assert "10,000" not in finished.out and "200 concurrent requests" in finished.out
    for words in ("Average response time", "Pause (scheduler heartbeat p99)", "published"):
        assert words in finished.out
    assert "without-context: lingering, as expected." in finished.out
    assert "started at scenarios/orphaned-task/server.cc:" in finished.out
    assert "\x1b" not in finished.out
    repetitions = [line for line in finished.err.splitlines() if line.startswith("[")]
    assert len(repetitions) == 4


def test_results_that_cannot_be_written_to_stdout_are_an_error(manifest, tmp_path):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [LEAKBENCH, "run", manifest(), "--pairs", "1", "--variant", "with-context"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
    assert done.returncode == 1
    assert "cannot write the results to stdout" in done.stderr


def test_writes_files_that_the_schemas_allow(finished):
    done = subprocess.run(
        [sys.executable, SOURCE / "scripts/validate.py", finished.folder],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_draws_its_charts(finished, tmp_path):
    done = subprocess.run(
        [sys.executable, SOURCE / "scripts/plot.py", finished.folder, "-o", tmp_path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for name in ("live_tasks", "memory", "response_time", "table"):
        assert (tmp_path / f"{name}.png").stat().st_size > 5_000
        assert (tmp_path / f"{name}.svg").stat().st_size > 2_000


def test_samples_the_whole_repetition_on_one_timeline(finished):
    for path in (finished.folder / "samples").iterdir():
        rows = list(csv.DictReader(path.open()))
        times = [int(row["t_ns"]) for row in rows]
        assert times == sorted(times) and len(times) > 20
        phases = [row["phase"] for row in rows]
        # The others may be shorter than the distance between two samples.
        assert "settle" in phases
        assert all(row["rss_bytes"] for row in rows)


def test_samples_tell_of_the_kernels_scheduler(finished):
    for path in (finished.folder / "samples").iterdir():
        last = list(csv.DictReader(path.open()))[-1]
        assert int(last["voluntary_switches"]) > 0
        assert int(last["involuntary_switches"]) >= 0
        if Path("/proc/pressure/cpu").exists():
            assert 0 <= float(last["cpu_pressure_percent"]) <= 100
        assert "stolen_ns" in last and "run_queue_wait_ns" in last


def test_samples_tell_when_the_answers_came(finished):
    for path in sorted((finished.folder / "samples").iterdir()):
        report = json.loads((finished.folder / "reps" / f"{path.stem}.json").read_text())
        rows = list(csv.DictReader(path.open()))
        measured = [row for row in rows if row["responses_ok"]]
        answers = sum(int(row["responses_ok"]) for row in measured)
        assert answers == report["load"]["requests"]["ok"]
        longest = max(int(row["response_time_max_ns"] or 0) for row in measured)
        assert longest == report["metrics"]["response_time_max_ns"]
        spent = [int(row["generator_cpu_ns"]) for row in rows]
        assert spent == sorted(spent) and spent[-1] > spent[0]


def test_three_heartbeats_stand_side_by_side(finished):
    for path in (finished.folder / "reps").iterdir():
        report = json.loads(path.read_text())
        pauses = report["rounds"][0]["pauses"]
        for name in ("scheduler", "os_thread", "idle_process"):
            beats = pauses[name]
            assert beats["count"] > 0, name
            assert beats["p50_ns"] <= beats["p99_ns"] <= beats["max_ns"], name
            curve = beats["percentiles"]
            assert curve == sorted(curve) and [50, beats["p50_ns"]] in curve, name
        supported = pauses["scheduler"]["count"] >= 100
        p99 = pauses["scheduler"]["p99_ns"] if supported else None
        assert report["metrics"]["pause_p99_ns"] == p99


def test_the_same_seed_gives_the_same_order(finished, leakbench, manifest):
    order = finished.load("run.json")["plan"]["order"]
    assert sorted(order[0]) == ["with-context", "without-context"]
    again = leakbench("run", manifest(), "--pairs", 2, "--seed", 7, "--quiet", "--requests", 200)
    assert again.load("run.json")["plan"]["order"] == order
    assert again.err == ""


def test_a_verdict_that_is_not_expected_exits_4(leakbench, manifest):
    path = manifest(variants=[{"name": "without-context", "expect": "clean"}])
    finished = leakbench("run", path, "--pairs", 1, "--requests", 200)
    assert finished.code == 4
    assert "expected" in finished.out
    assert finished.load("summary.json")["as_expected"] is False


def test_published_figures_stand_beside_the_scenarios_own_load_only(leakbench, manifest):
    words = ("--pairs", 1, "--variant", "with-context", "--requests", 400)
    finished = leakbench("run", manifest(), *words)
    assert finished.code == 0, finished.err
    assert "published" not in finished.out
    assert all(row["published"] is None for row in finished.load("summary.json")["table"])


def test_a_task_that_never_ends_is_leaking(leakbench, manifest):
    path = manifest(
        variants=[{"name": "without-context", "expect": "leaking"}],
        settle={"longest_task": "300ms", "margin": "300ms", "linger_after": "200ms"},
        options={"job-duration": "1h", "step": "50ms", "step-work": "1", "payload": "64"},
        load={"connections": 20, "requests": 40, "warmup_requests": 0},
    )
    finished = leakbench("run", path, "--pairs", 1, "--rounds", 3)
    assert finished.code == 0, finished.err
    metrics = finished.load("summary.json")["arms"][0]["metrics"]
    # Three rounds cannot tell growth from chance, so the run goes on: 40, 80, 120, 160, 200.
    assert metrics["live_tasks_settled"]["median"] == 120
    assert metrics["leaked_tasks_per_request"]["median"] == 1
    verdict = finished.load("summary.json")["arms"][0]["verdict"]
    assert (verdict["class"], verdict["strength"]) == ("leaking", "growing")


def test_the_report_agrees_with_what_a_shell_reads_from_proc(start, manifest, tmp_path):
    process = start(
        *("run", manifest(), "--pairs", 1, "--variant", "without-context", "--quiet"),
        *("--out", tmp_path / "out"),
    )
    server = eventually(lambda: servers_of(process.pid))[0]
    # The peak is reset before the connections are opened and only grows from there: the last value
    # that a shell sees is the round's. But the two do not look at the same microsecond, the kernel
    # counts pages in batches per core, and a sanitizer's quarantine grows all the time.
    watch = f"while grep VmHWM /proc/{server}/status 2>/dev/null; do sleep 0.01; done"
    seen = subprocess.run(["sh", "-c", watch], capture_output=True, text=True, timeout=120).stdout
    out, err = process.communicate(timeout=120)
    finished = Finished(process.returncode, out, err)
    assert finished.code == 0, err
    peak_kib = int(seen.splitlines()[-1].split()[1])
    metrics = arm(finished, "without-context")["metrics"]
    assert metrics["memory_peak_bytes"]["median"] == pytest.approx(peak_kib * 1024, rel=0.01)
    assert not is_running(server)
