"""`leakbench run --profile` and the control port's profiles, on the real binaries."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from conftest import LEAKBENCH, SERVER, SOURCE, Finished, eventually, servers_of, write_manifest

LOAD = {"connections": 200, "requests": 2000, "warmup_requests": 50}


def sanitized():
    """Whether these binaries were built with a sanitizer, and so cannot profile."""
    return b"no CPU profiles in a build with a sanitizer" in SERVER.read_bytes()


profiling = pytest.mark.skipif(sanitized(), reason="a build with a sanitizer takes no profiles")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One run of both variants with both kinds of profile, looked at by the tests below."""
    folder = tmp_path_factory.mktemp("profile")
    options = {"job-duration": "1500ms", "step": "50ms", "step-work": "4", "payload": "8192"}
    path = write_manifest(folder, load=LOAD, options=options)
    done = subprocess.run(
        [LEAKBENCH, "run", path, "--pairs", "1", "--profile", "cpu", "--profile", "heap"]
        + ["--out", folder / "out"],
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def profiles_of(finished, kind):
    return {p["arm"]: p for p in finished.load("run.json")["profiles"] if p["kind"] == kind}


@profiling
def test_show_reads_the_profiles_back_as_the_run_printed_them(finished):
    shown = subprocess.run(
        [LEAKBENCH, "show", finished.folder], capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0, shown.stderr
    start = finished.out.index("CPU of ")
    printed = finished.out[start : finished.out.index("\nresults: ")]
    assert printed.count("function\n") >= 2
    assert printed in shown.stdout


@profiling
def test_profiles_are_taken_in_repetitions_of_their_own(finished):
    assert finished.code == 0, finished.err
    run = finished.load("run.json")
    assert [r["index"] for r in run["repetitions"]] == [1, 2]
    assert [p["index"] for p in run["profiles"]] == [3, 4, 5, 6]
    assert {p["status"] for p in run["profiles"]} == {"complete"}
    for folder in ("reps", "samples"):
        assert len(list((finished.folder / folder).iterdir())) == 2
    assert {arm["repetitions"] for arm in finished.load("summary.json")["arms"]} == {1}


@profiling
def test_every_profile_is_stored_as_it_came(finished):
    stored = {path.name for path in (finished.folder / "profiles").iterdir()}
    named = set()
    for report in finished.load("run.json")["profiles"]:
        for taken in report["profiles"]:
            named |= {taken["file"], taken["text_file"]} - {None}
    assert stored == {name.removeprefix("profiles/") for name in named}
    heap = profiles_of(finished, "heap")["without-context"]["profiles"]
    assert [taken["moment"] for taken in heap] == ["after", "settled"]
    for taken in heap:
        content = (finished.folder / taken["file"]).read_text()
        assert re.match(r"heap profile: .* @ heap_v2/524288\n", content)


@profiling
@pytest.mark.skipif(shutil.which("google-pprof") is None, reason="needs google-pprof")
def test_the_profiles_name_what_the_orphans_burn_and_hold(finished):
    (cpu,) = profiles_of(finished, "cpu")["without-context"]["profiles"]
    names = [function["name"] for function in cpu["functions"]]
    assert 0 < len(names) <= 10
    assert any("crunch" in name for name in names), names
    after, settled = profiles_of(finished, "heap")["without-context"]["profiles"]
    names = [function["name"] for function in after["functions"]]
    assert any("expensive_work" in name for name in names), names
    assert any("Payload" in name for name in names), names
    # 2,000 payloads of 8 KiB live at the last response, and none of them after settling.
    assert after["total"] == pytest.approx(2000 * 8192, rel=0.5)
    assert not any("Payload" in function["name"] for function in settled["functions"])


@profiling
@pytest.mark.skipif(shutil.which("google-pprof") is None, reason="needs google-pprof")
def test_prints_the_first_functions_of_each(finished):
    for title in (
        "CPU of without-context, over the round: ",
        "Live heap of without-context, at the last response: ",
        "Live heap of with-context, after settling: ",
    ):
        assert title in finished.out
    assert "with callees" in finished.out
    assert "crunch" in finished.out


@profiling
def test_writes_files_that_the_schemas_allow(finished):
    done = subprocess.run(
        [sys.executable, SOURCE / "scripts/validate.py", finished.folder],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@profiling
def test_without_the_tool_the_profile_is_stored_all_the_same(leakbench, manifest, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    finished = leakbench(
        *("run", manifest(load=LOAD), "--pairs", 1, "--variant", "with-context"),
        *("--profile", "heap"),
        env=os.environ | {"PATH": str(tools)},
    )
    assert finished.code == 0, finished.err
    remedy = "install google-pprof (Debian package google-perftools)"
    for taken in profiles_of(finished, "heap")["with-context"]["profiles"]:
        assert (finished.folder / taken["file"]).stat().st_size > 0
        assert taken["functions"] is None and taken["text_file"] is None
        assert remedy in taken["problem"]
    assert finished.out.count(remedy) == 2


@profiling
def test_an_interrupt_loses_no_finished_repetition(start, manifest, tmp_path):
    process = start("run", manifest(load=LOAD), "--pairs", 1, "--profile", "cpu")
    for line in process.stderr:
        if line.startswith("[2/4]"):
            break
    eventually(lambda: list(tmp_path.glob("results/*/logs/003_*")) and servers_of(process.pid))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    finished = Finished(process.returncode, out, err, tmp_path)
    assert finished.code == 130, err
    run = finished.load("run.json")
    assert run["status"] == "interrupted"
    assert {repetition["status"] for repetition in run["repetitions"]} == {"complete"}
    assert [profile["status"] for profile in run["profiles"]] == ["interrupted", "planned"]
    assert {arm["repetitions"] for arm in finished.load("summary.json")["arms"]} == {1}


@pytest.mark.skipif(not sanitized(), reason="this build takes profiles")
def test_a_server_that_takes_no_profiles_leaves_the_run_incomplete(leakbench, manifest):
    words = ("run", manifest(), "--pairs", 1, "--variant", "with-context", "--requests", 200)
    finished = leakbench(*words, "--profile", "heap")
    assert finished.code == 6
    assert "/debug/heap: status 501: no heap profiles in a build with a sanitizer" in finished.err
    run = finished.load("run.json")
    assert run["repetitions"][0]["status"] == "complete"
    assert run["profiles"][0]["status"] == "failed"


def test_a_target_without_profiles_is_refused_before_anything_runs(leakbench, manifest, tmp_path):
    runtime = {"name": "cpp", "server": "{bin_dir}/leakbench-server", "metrics_source": "none"}
    path = manifest(runtimes=[runtime])
    finished = leakbench("run", path, "--profile", "cpu")
    assert finished.code == 2
    assert 'has no metrics source "leakbench" or "go", and only these give profiles' in finished.err
    assert not (tmp_path / "results").exists()


def test_an_unknown_kind_of_profile_is_refused(leakbench, manifest):
    finished = leakbench("run", manifest(), "--profile", "disk")
    assert finished.code == 2
    assert '--profile takes cpu or heap, not "disk"' in finished.err


@pytest.fixture
def control_port():
    """Of a server that samples its allocations."""
    process = subprocess.Popen(
        [SERVER, "orphaned-task", "--variant", "with-context"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TCMALLOC_SAMPLE_PARAMETER": "524288"},
    )
    yield int(re.search(r"control port (\d+)", process.stderr.readline())[1])
    process.terminate()
    assert process.wait(timeout=30) == 0, process.stderr.read()
    process.stderr.close()


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@profiling
def test_a_person_can_ask_a_server_for_profiles_and_its_memory(control_port):
    status, body = get(control_port, "/debug/heap")
    assert status == 200 and body.startswith(b"heap profile: ")
    status, body = get(control_port, "/debug/cpu?seconds=1")
    assert status == 200 and b"leakbench-server" in body
    status, body = get(control_port, "/debug/release")
    assert status == 200 and json.loads(body)["took_ns"] >= 0
    assert get(control_port, "/debug/cpu?seconds=soon")[0] == 400
