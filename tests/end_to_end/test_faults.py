"""Bad input and faults: a one-line error that says what to do, the exit code, nothing left behind."""

import json
import os
import re
import resource
import signal
import socket
import sys
import textwrap
import urllib.request

import pytest
from conftest import eventually, is_running, one_line_error, servers_of


def test_an_unknown_scenario_is_named_with_the_nearest_one(leakbench):
    finished = leakbench("run", "orphaned-tsk")
    assert finished.code == 2
    assert 'did you mean "orphaned-task"?' in one_line_error(finished)


@pytest.mark.parametrize(
    "words, said",
    [
        (["run", "orphaned-task", "--pair", "3"], "no option --pair; did you mean --pairs?"),
        (["load", "--conections=3"], "no option --conections; did you mean --connections?"),
        (["list", "--run"], "no option --run; did you mean --runs?"),
        (["init", "--knid", "go"], "no option --knid; did you mean --kind?"),
        (["show", "--colour"], "no option --colour; see leakbench show --help"),
        (["show"], "such as `leakbench show results/reference`; `leakbench list --runs` lists"),
        (["check", "--strict"], "such as `leakbench check results/reference`"),
        (["run", "orphaned-task", "--pairs"], "--pairs needs a value: 1..10000"),
        (["run", "orphaned-task", "--all"], "a scenario and --all do not go together"),
        (["init", "--kind", "foo"], 'must be one of go, prometheus, leakbench, none, is "foo"'),
    ],
)
def test_a_slip_of_the_pen_is_told_what_was_probably_meant(leakbench, words, said):
    finished = leakbench(*words)
    assert finished.code == 2
    assert said in one_line_error(finished)


def test_an_unknown_variant_is_named_with_the_nearest_one(leakbench):
    finished = leakbench("run", "orphaned-task", "--variant", "with-contxt")
    assert finished.code == 2
    assert "with-context" in one_line_error(finished)


def test_a_manifest_that_is_not_json_is_refused_with_line_and_column(leakbench, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{\n  "schema": oops\n}')
    finished = leakbench("run", path)
    assert finished.code == 2
    message = one_line_error(finished)
    assert "broken.json" in message and "line 2" in message


def test_a_file_that_is_no_manifest_is_told_what_one_is_called(leakbench, tmp_path):
    (tmp_path / "README.md").write_text("# Mine\n")
    finished = leakbench("run", "README.md")
    assert finished.code == 2
    message = one_line_error(finished)
    assert '"README.md" is no manifest: give the path of one, which ends in .json' in message


def test_a_manifest_of_a_newer_major_version_is_refused_as_any_such_file(leakbench, manifest):
    finished = leakbench("run", manifest(schema_version="2.0.0", tides=[]))
    assert finished.code == 7
    assert "this leakbench reads version 1.x.y" in one_line_error(finished)


def test_a_manifest_with_too_few_requests_is_named_with_its_field(leakbench, manifest):
    finished = leakbench("run", manifest(load={"connections": 20, "requests": 5}))
    assert finished.code == 2
    said = "/load/requests 5 is fewer than /load/connections 20"
    assert f"scenario.json: {said}" in one_line_error(finished)


def test_a_manifest_not_to_schema_is_refused_with_the_json_path(leakbench, manifest):
    finished = leakbench("run", manifest(load={"connections": "many"}))
    assert finished.code == 2
    assert "/load/connections" in one_line_error(finished)


def test_a_manifest_that_is_not_there_is_named(leakbench):
    finished = leakbench("run", "nowhere/service.json")
    assert finished.code == 2
    assert "nowhere/service.json" in one_line_error(finished)


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--concurrency", "0"], "--concurrency: must be a whole number from 1"),
        (["--concurrency", "-5"], 'is "-5"; see leakbench run --help'),
        (["--requests", "0"], "--requests: must be a whole number from 1"),
        (["--requests", "5"], "--requests 5 is fewer than /load/connections 200 in "),
        (["--requests", "5", "--connections", "6"], "5 is fewer than --concurrency 6"),
        (["--pairs", "0"], "--pairs: must be a whole number from 1"),
        (["--rounds", "0"], "--rounds: must be a whole number from 1"),
        (["--concurrency", "many"], 'is "many"'),
        (["--port", "70000"], "--port: must be a whole number from 1 to 65535"),
        (["--port", "9000", "--control-port", "9000"], "are both 9000"),
        (["--seed", "-1"], "--seed: must be a whole number from 0"),
        (["--set", "job-duration=400ms"], "without-context is expected to linger"),
        (["--set", "step"], "NAME=VALUE"),
        (["--set", "stepp=1s"], 'has no option "stepp"; did you mean "step"?'),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_a_bad_option_is_refused(leakbench, manifest, words, complaint):
    finished = leakbench("run", manifest(), *words)
    assert finished.code == 2
    assert complaint in one_line_error(finished)


def test_a_value_that_the_server_refuses_is_told_in_its_own_words(leakbench, manifest, tmp_path):
    out = tmp_path / "out"
    finished = leakbench("run", manifest(), "--set", "step=soon", "--out", out)
    assert finished.code == 2
    assert one_line_error(finished).startswith(
        "leakbench: the server does not take --set step=soon: leakbench-server: "
        '--step must be a duration such as 100ms, is "soon"'
    )
    assert finished.err.count("--step must be") == 1
    assert finished.out == ""
    assert list(out.iterdir()) == []


def test_an_unknown_command_is_named_with_the_nearest_one(leakbench):
    finished = leakbench("rnu", "orphaned-task")
    assert finished.code == 2
    assert 'no command "rnu"; did you mean "run"?' in one_line_error(finished)


def test_no_command_at_all_is_told_what_there_is(leakbench):
    finished = leakbench()
    assert finished.code == 2
    assert "which command? run, list" in one_line_error(finished)


def test_too_few_descriptors_are_told_with_the_command_that_helps(leakbench, manifest):
    def lower_limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (250, 250))

    finished = leakbench("run", manifest(), preexec_fn=lower_limit)
    assert finished.code == 8
    message = one_line_error(finished)
    assert "250" in message and "264" in message and "ulimit -n 264" in message


def without_permission(folder):
    (folder / "server").write_text("#!/bin/sh\n")


@pytest.mark.parametrize(
    "make, problem",
    [
        (lambda folder: None, 'there is no "{folder}/server"'),
        (without_permission, '"{folder}/server" is not executable'),
        (lambda folder: (folder / "server").mkdir(), '"{folder}/server" is no program'),
    ],
    ids=["missing", "not-executable", "a-folder"],
)
def test_a_program_that_cannot_be_started_is_told_before_anything_is_made(
    leakbench, manifest, tmp_path, make, problem
):
    make(tmp_path)
    command = ["./server", "{port}", "{control_port}"]
    path = manifest(command=command, working_folder=str(tmp_path))
    finished = leakbench("run", path, "--out", "out")
    assert finished.code == 2
    message = one_line_error(finished)
    assert problem.format(folder=tmp_path) in message
    assert f"correct the command in {path}" in message
    assert not (tmp_path / "out").exists()


def test_a_service_that_cannot_be_started_is_told_with_its_name(leakbench, manifest, tmp_path):
    services = [{"name": "database", "command": ["no-such-database", "{port}"]}]
    finished = leakbench("run", manifest(services=services), "--out", "out")
    assert finished.code == 2
    message = one_line_error(finished)
    assert '"no-such-database" is in no folder of PATH' in message
    assert "correct the command of service database" in message
    assert not (tmp_path / "out").exists()


def test_a_working_folder_that_is_not_there_is_told(leakbench, manifest, tmp_path):
    finished = leakbench("run", manifest(working_folder="nowhere"), "--out", "out")
    assert finished.code == 2
    assert f"/working_folder: there is no folder {tmp_path}/nowhere" in one_line_error(finished)


def test_a_port_in_use_is_told_before_anything_starts(leakbench, manifest):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finished = leakbench("run", manifest(), "--port", port)
    assert finished.code == 8
    assert str(port) in one_line_error(finished)
    assert "results:" not in finished.out


def test_an_unwritable_results_folder_is_told_before_anything_starts(leakbench, manifest):
    finished = leakbench("run", manifest(), "--out", "/dev/null/results")
    assert finished.code == 2
    assert "/dev/null/results" in one_line_error(finished)


# A server that is healthy on its control port and misbehaves as `then` says.
FAULTY_SERVER = """
import http.server, socket, sys, threading
port, control_port = int(sys.argv[1]), int(sys.argv[2])
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *words):
        pass
control = http.server.ThreadingHTTPServer(("127.0.0.1", control_port), Healthy)
threading.Thread(target=control.serve_forever, daemon=True).start()
listener = socket.create_server(("127.0.0.1", port), backlog=512)
"""


@pytest.fixture
def faulty(tmp_path, manifest):
    """A manifest whose server does the given lines of Python."""

    def write(then: str, healthy: bool = True):
        script = tmp_path / "server.py"
        script.write_text((FAULTY_SERVER if healthy else "") + textwrap.dedent(then))
        command = [sys.executable, str(script), "{port}", "{control_port}"]
        return manifest(
            command=command,
            headline="a server with a fault",
            options={},
            settle={"longest_task": "100ms", "margin": "300ms", "linger_after": "100ms"},
            ready={"path": "/healthz", "timeout": "2s"},
            load={"connections": 5, "requests": 10, "warmup_requests": 0},
            variants=[{"name": "only", "expect": "clean"}],
            published=[],
        )

    return write


def check_failed_run(finished, words):
    assert finished.code == 6, finished.err
    message = one_line_error(finished)
    for word in words:
        assert word in message, message
    run = finished.load("run.json")
    assert run["status"] == "failed"
    assert run["repetitions"][0]["status"] == "failed"
    assert run["repetitions"][0]["error"]


def test_a_server_whose_interpreter_is_not_there(leakbench, manifest, tmp_path):
    script = tmp_path / "server"
    script.write_text("#!/nonexistent/shell\n")
    script.chmod(0o755)
    path = manifest(command=[str(script)])
    check_failed_run(leakbench("run", path), ["the interpreter or loader", "does not exist"])


def test_a_server_that_dies_at_start_is_told_with_its_last_words(leakbench, faulty):
    path = faulty('import sys; print("no database", file=sys.stderr); sys.exit(3)', healthy=False)
    check_failed_run(leakbench("run", path), ["exited with status 3", "no database"])


def test_a_server_that_refuses_its_options_without_a_word_is_told(leakbench, faulty, tmp_path):
    path = faulty("raise SystemExit(2)", healthy=False)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"options": {"x": "0"}}))
    finished = leakbench("run", path, "--set", "x=1", "--out", tmp_path / "out")
    assert finished.code == 2
    assert "does not take --set x=1: it exited with status 2" in one_line_error(finished)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_server_that_is_never_ready_is_told_and_killed(start, faulty):
    process = start("run", faulty("import time; time.sleep(1000)", healthy=False))
    server = eventually(lambda: servers_of(process.pid))[0]
    out, err = process.communicate(timeout=60)
    assert process.returncode == 6
    assert "not ready" in err or "ready within" in err, err
    assert not is_running(server)


def test_a_server_that_dies_under_load_is_told(leakbench, faulty):
    path = faulty("import os; listener.accept()[0].recv(10); os._exit(7)")
    check_failed_run(leakbench("run", path), ["exited with status 7"])


def test_a_server_that_is_killed_under_a_long_load_ends_the_run_at_once(start, manifest):
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    load = {"connections": 20, "requests": 10_000_000, "warmup_requests": 0}
    words = ("--pairs", 1, "--variant", "with-context", "--control-port", port)
    process = start("run", manifest(load=load), *words)

    def is_under_load():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            total = re.search(r"^leakbench_requests_total (\d+)$", answer.read().decode(), re.M)
            return int(total[1]) > 100

    def asked():
        try:
            return is_under_load()
        except OSError:  # not yet there
            return False

    eventually(asked)
    os.kill(servers_of(process.pid)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 6, err
    assert "killed by SIGKILL under load" in err


def test_a_server_that_answers_rubbish_is_told(leakbench, faulty):
    path = faulty(
        """
        while True:
            connection = listener.accept()[0]
            threading.Thread(target=lambda c=connection: (c.recv(1000), c.sendall(b"what?\\r\\n\\r\\n"))).start()
        """
    )
    check_failed_run(leakbench("run", path), ["parse_error"])


def test_a_server_whose_tasks_die_of_exceptions_is_not_called_clean(leakbench, faulty):
    path = faulty(
        '''
        def metrics(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"leakbench_live_tasks 0\\nleakbench_unhandled_exceptions_total 10\\n")
        Healthy.do_GET = metrics
        def answer(connection):
            while connection.recv(1000):
                connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n")
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
        '''
    )
    finished = leakbench("run", path, "--pairs", 1)
    assert finished.code == 4, finished.err
    assert "only: inconclusive, but clean was expected. 10 tasks died of an" in finished.out


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_run_keeps_what_is_finished_and_leaves_no_process(
    start, manifest, tmp_path, number, code
):
    out = tmp_path / "out"
    process = start("run", manifest(), "--pairs", 5, "--out", out)

    def second_repetition_started():
        for path in out.glob("*/run.json"):
            repetitions = json.loads(path.read_text())["repetitions"]
            if repetitions[0]["status"] == "complete" and repetitions[1]["status"] == "running":
                return servers_of(process.pid)
        return []

    server = eventually(second_repetition_started, seconds=60)[0]
    process.send_signal(number)
    output, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    assert not is_running(server)
    folder = next(out.iterdir())
    run = json.loads((folder / "run.json").read_text())
    assert run["status"] == "interrupted"
    assert [r["status"] for r in run["repetitions"][:3]] == ["complete", "interrupted", "planned"]
    assert json.loads((folder / run["repetitions"][0]["file"]).read_text())["status"] == "complete"
    summary = json.loads((folder / "summary.json").read_text())
    assert sum(arm["repetitions"] for arm in summary["arms"]) == 1
    assert "results: " in output


def test_servers_die_with_a_leakbench_that_is_killed(start, manifest):
    process = start("run", manifest(), "--pairs", 1)
    server = eventually(lambda: servers_of(process.pid))[0]
    process.kill()
    process.communicate()
    eventually(lambda: not is_running(server))
