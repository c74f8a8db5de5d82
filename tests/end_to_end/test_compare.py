"""Arms that leakbench measured, compared by the scripts: a real run and its comparison in one."""

import json
import os
import shlex
import signal
import subprocess
import sys

import pytest
from conftest import (
    LEAKBENCH,
    SERVER,
    SOURCE,
    Finished,
    children_of,
    eventually,
    servers_of,
    write_manifest,
)

SCRIPTS = SOURCE / "scripts"
VARIANT = "without-context"
# Room between "outlives its request" and "never ends", also on a busy machine.
QUICK = {"job-duration": "800ms", "step": "400ms"}
SETTLE = {"longest_task": "{job-duration}", "margin": "2500ms", "linger_after": "200ms"}
# Which of its verdicts a machine with much else to do gets is not what is tested here.
MEASURED = (0, 4)
LOAD = {"connections": 20, "requests": 60, "warmup_requests": 10}


def write_build(folder, *options):
    """A build: a folder with a leakbench-server that is the real one with other options."""
    folder.mkdir(parents=True)
    path = folder / "leakbench-server"
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(str(SERVER))} "$@" {shlex.join(options)}\n')
    path.chmod(0o755)
    return folder


def quick_manifest(folder):
    data = json.loads((SOURCE / "scenarios/orphaned-task/scenario.json").read_text())
    variants = [{"name": VARIANT, "expect": "lingering"}]
    return write_manifest(
        folder, options=data["options"] | QUICK, settle=SETTLE, load=LOAD, variants=variants
    )


def run_leakbench(folder, *words):
    done = subprocess.run(
        [LEAKBENCH, "run", quick_manifest(folder), "--quiet", "--out", folder / "out", *words],
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def script(name, *words, **options):
    return subprocess.run(
        [SCRIPTS / name, *map(str, words)], capture_output=True, text=True, timeout=240, **options
    )


@pytest.fixture(scope="module")
def arms(tmp_path_factory):
    """A run of a base, the base again and a head whose tasks never end."""
    folder = tmp_path_factory.mktemp("arms")
    builds = {"base": [], "control": [], "head": ["--job-duration", "1h"]}
    words = ["--pairs", "3"]
    for name, options in builds.items():
        words += ["--arm", f"{name}={write_build(folder / name, *options)}"]
    return run_leakbench(folder, *words)


def test_a_run_of_builds_is_compared_by_block_without_being_told_how(arms, tmp_path):
    assert arms.code == 4, arms.err
    result = script("compare.py", arms.folder, "--json", tmp_path / "comparison.json")
    assert result.returncode == 3, result.stderr
    document = json.loads((tmp_path / "comparison.json").read_text())
    (comparison,) = document["comparisons"]
    arms_compared = (comparison["base_arm"], comparison["head_arm"])
    assert arms_compared == (f"{VARIANT}@base", f"{VARIANT}@head")
    assert comparison["blocks"] == [1, 2, 3]
    metrics = {metric["name"]: metric for metric in comparison["metrics"]}
    assert metrics["live_tasks_settled"]["verdict"] == "REGRESSION"
    assert metrics["live_tasks_settled"]["base"]["values"] == [0, 0, 0]
    # The warm-up leaves its own behind.
    assert metrics["live_tasks_settled"]["head"]["values"] == [70, 70, 70]
    assert document["control"][0]["head_arm"] == f"{VARIANT}@control"
    assert document["trusted"] is True


def test_the_same_run_of_builds_is_what_the_schemas_allow(arms):
    result = script("validate.py", arms.folder)
    assert result.returncode == 0, result.stderr


def test_a_build_is_compared_with_itself_for_calibration(tmp_path):
    finished = run_leakbench(tmp_path, "--calibrate", "--pairs", "3")
    assert finished.code in MEASURED, finished.err
    assert f"scripts/compare.py {finished.folder} --calibrate" in finished.err
    result = script("compare.py", finished.folder, "--calibrate")
    assert result.returncode == 0, result.stderr
    document = finished.load("calibration.json")
    assert [variant["pairs"] for variant in document["variants"]] == [3]
    tasks = next(
        metric
        for metric in document["variants"][0]["metrics"]
        if metric["name"] == "live_tasks_settled"
    )
    assert tasks["exact"] and tasks["value"] == 0
    assert script("validate.py", finished.folder).returncode == 0


def test_calibration_takes_no_other_builds(tmp_path):
    finished = run_leakbench(tmp_path, "--calibrate", "--arm", f"head={tmp_path}")
    assert finished.code == 2
    assert "--calibrate measures this build against itself" in finished.err


def test_a_budget_ends_a_run_between_two_blocks_and_the_run_is_whole(tmp_path):
    finished = run_leakbench(tmp_path, "--pairs", "50", "--budget", "1ms", "--seed", "1")
    assert finished.code in MEASURED, finished.err
    plan = finished.load("run.json")
    assert plan["status"] == "complete"
    assert plan["plan"]["blocks"] == len(plan["plan"]["order"]) == len(plan["repetitions"]) == 1
    assert any("1 of 50 blocks" in warning["message"] for warning in plan["warnings"])
    assert script("validate.py", finished.folder).returncode == 0


class Service:
    """Somebody's repository, whose build makes a server from a file of options."""

    BUILD = "mkdir -p bin && cp server.sh bin/server && chmod +x bin/server"

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        manifest = json.loads(quick_manifest(folder).read_text())
        del manifest["runtimes"]
        manifest["metrics_source"] = "leakbench"
        manifest["command"][0] = "{bin_dir}/server"
        (folder / "scenario.json").unlink()
        (folder / "leak.json").write_text(json.dumps(manifest))
        self.git("init", "--quiet", "--initial-branch", "main")
        self.write()
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "A server")

    def git(self, *words):
        names = ("-c", "user.name=Somebody", "-c", "user.email=somebody@localhost")
        subprocess.run(["git", *names, "-C", self.folder, *words], check=True, capture_output=True)

    def write(self, *options):
        command = f'exec {shlex.quote(str(SERVER))} "$@" {shlex.join(options)}'
        (self.folder / "server.sh").write_text(f"#!/bin/sh\n{command}\n")

    def command(self, *words):
        own = ["--scenario", "leak.json", "--build", self.BUILD, "--bin-dir", "bin"]
        own += ["--leakbench", LEAKBENCH]
        return [sys.executable, SCRIPTS / "compare-branches", *own, *map(str, words), "main", "."]

    def compare(self, *words):
        return subprocess.run(
            self.command(*words), capture_output=True, text=True, cwd=self.folder, timeout=240
        )


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path / "service")


def test_two_branches_of_a_service_are_built_measured_and_compared(service):
    service.write("--job-duration", "1h")
    result = service.compare("--pairs", "3", "--json", "comparison.json")
    assert result.returncode == 3, result.stderr
    document = json.loads((service.folder / "comparison.json").read_text())
    assert document["verdict"] == "REGRESSION"
    assert f"{VARIANT}@head is leaking, expected lingering" in result.stderr


def test_an_interrupted_comparison_leaves_no_server_and_keeps_what_is_finished(service):
    process = subprocess.Popen(
        service.command("--pairs", "50"), stderr=subprocess.PIPE, text=True, cwd=service.folder
    )

    def repetitions():
        return list(service.folder.glob("results/*/reps/*.json"))

    eventually(repetitions, 120)
    leakbench = eventually(lambda: children_named(process.pid, "leakbench"))
    servers = servers_of(leakbench[0])
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert repetitions()
    assert not any(os.path.exists(f"/proc/{pid}/exe") for pid in [*leakbench, *servers])


def children_named(pid, name):
    names = {child: command_of(child) for child in children_of(pid)}
    return [child for child, command in names.items() if command == name]


def command_of(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""
