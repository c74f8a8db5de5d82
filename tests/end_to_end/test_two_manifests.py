"""Arms that each have a manifest of their own: services that are no folder of binaries, measured in
one run and compared like any two builds."""

import json
import socket
import subprocess

import pytest
from conftest import (
    LEAKBENCH,
    SERVER,
    SOURCE,
    Finished,
    eventually,
    one_line_error,
    write_manifest,
)
from test_compare import LOAD, QUICK, SETTLE, VARIANT, script

PORTS = ["--port", "{port}", "--control-port", "{control_port}"]


def manifest_of_a_command(folder, name, last_words="", **changes):
    """A manifest whose command is a shell that starts the server in its own way: with `last_words`
    behind the options that leakbench gives it."""
    (folder / name).mkdir()
    data = json.loads((SOURCE / "scenarios/orphaned-task/scenario.json").read_text())
    shell = ["/bin/sh", "-c", f'exec "$0" "$@" {last_words}']
    command = [*shell, str(SERVER), "orphaned-task", "--variant", "{variant}", *PORTS]
    changes = {
        "name": name,
        "command": command,
        "options": data["options"] | QUICK,
        "settle": SETTLE,
        "load": LOAD,
        "runtimes": [{"name": "cpp", "server": str(SERVER), "metrics_source": "leakbench"}],
        "variants": [{"name": VARIANT, "expect": "lingering"}],
    } | changes
    return write_manifest(folder / name, **changes)


def run_arms(folder, *words):
    done = subprocess.run(
        [LEAKBENCH, "run", "--quiet", "--out", folder / "out", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def compared(run, tmp_path):
    """The comparison of the run's base and head, and its exit code."""
    file = tmp_path / "comparison.json"
    result = script("compare.py", run.folder, "--json", file)
    assert result.returncode in (0, 3), result.stderr
    return json.loads(file.read_text()), result.returncode


def verdicts_of(document):
    (comparison,) = document["comparisons"]
    return {metric["name"]: metric.get("verdict") for metric in comparison["metrics"]}


def test_two_commands_are_compared_like_two_builds(tmp_path):
    base = manifest_of_a_command(tmp_path, "old")
    head = manifest_of_a_command(tmp_path, "new", "--job-duration 1h")
    arms = ["--arm", f"base={base}", "--arm", f"head={head}", "--arm", f"control={base}"]
    run = run_arms(tmp_path, "--pairs", 3, *arms)
    assert run.code == 4, run.err
    plan = run.load("run.json")
    assert plan["scenario"]["name"] == "old"
    assert {entry["name"]: entry["manifest"] for entry in plan["plan"]["variants"]} == {
        f"{VARIANT}@base": str(base),
        f"{VARIANT}@head": str(head),
        f"{VARIANT}@control": str(base),
    }
    assert script("validate.py", run.folder).returncode == 0
    document, code = compared(run, tmp_path)
    assert code == 3
    assert verdicts_of(document)["live_tasks_settled"] == "REGRESSION"
    assert document["control"][0]["head_arm"] == f"{VARIANT}@control"
    assert document["trusted"] is True


class Running:
    """A server that somebody else has started."""

    def __init__(self, variant):
        with socket.create_server(("127.0.0.1", 0)) as one:
            with socket.create_server(("127.0.0.1", 0)) as two:
                self.port, self.control = one.getsockname()[1], two.getsockname()[1]
        words = ["--port", self.port, "--control-port", self.control, "--job-duration", "1h"]
        self.process = subprocess.Popen(
            [SERVER, "orphaned-task", "--variant", variant, *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def manifest(self, folder, name, **changes):
        data = {
            "schema": "leakbench/manifest",
            "schema_version": "1.1.0",
            "name": name,
            "title": "A service that runs already",
            "url": f"http://127.0.0.1:{self.port}",
            "control_port": self.control,
            "pid": self.process.pid,
            "metrics_source": "leakbench",
            "load": LOAD,
            "settle": {"longest_task": "200ms", "margin": "1s", "linger_after": "200ms"},
            "variants": [{"name": "as-it-is", "expect": "clean"}],
        }
        data = {key: value for key, value in (data | changes).items() if value is not None}
        path = folder / f"{name}.json"
        path.write_text(json.dumps(data))
        return path


@pytest.fixture
def running():
    servers = [Running("with-context"), Running("without-context")]
    try:
        for server in servers:
            eventually(server.listens)
        yield servers
    finally:
        for server in servers:
            server.process.terminate()
        for server in servers:
            server.process.wait(timeout=30)


def test_two_servers_that_run_already_are_compared(running, tmp_path):
    base, head = (server.manifest(tmp_path, name) for server, name in zip(running, ("a", "b")))
    run = run_arms(tmp_path, "--pairs", 3, "--arm", f"base={base}", "--arm", f"head={head}")
    assert run.code == 4, run.err
    assert script("validate.py", run.folder).returncode == 0
    document, code = compared(run, tmp_path)
    assert code == 3
    assert verdicts_of(document)["live_tasks_settled"] == "REGRESSION"
    assert all(server.process.poll() is None for server in running), "they are not ours to end"


def test_a_server_of_which_only_the_url_is_known_leaves_files_like_any_other(running, tmp_path):
    changes = {"pid": None, "control_port": None, "metrics_source": "none"}
    run = run_arms(tmp_path, running[0].manifest(tmp_path, "mine", **changes), "--pairs", 1)
    assert run.code == 4, run.err
    checked = script("validate.py", run.folder)
    assert checked.returncode == 0, checked.stderr


def test_a_manifest_in_front_of_the_arms_says_the_work(tmp_path):
    work = manifest_of_a_command(tmp_path, "work")
    other = manifest_of_a_command(tmp_path, "other")
    run = run_arms(tmp_path, work, "--pairs", 1, "--arm", f"head={other}")
    assert run.code in (0, 4), run.err
    plan = run.load("run.json")
    assert plan["scenario"]["name"] == "work"
    assert [entry["manifest"] for entry in plan["plan"]["variants"]] == [str(other)]


def test_manifests_that_ask_for_other_work_are_refused_before_anything_is_made(tmp_path):
    base = manifest_of_a_command(tmp_path, "old")
    head = manifest_of_a_command(tmp_path, "new", load=LOAD | {"requests": 61})
    run = run_arms(tmp_path, "--arm", f"base={base}", "--arm", f"head={head}")
    assert run.code == 2
    assert '/load/requests is "61" instead of "60"' in one_line_error(run)
    assert str(base) in run.err and str(head) in run.err
    assert not (tmp_path / "out").exists()


def test_without_a_scenario_every_arm_needs_a_manifest(tmp_path):
    base = manifest_of_a_command(tmp_path, "old")
    run = run_arms(tmp_path, "--arm", f"base={base}", "--arm", f"head={tmp_path}")
    assert run.code == 2
    assert "which scenario?" in one_line_error(run)
