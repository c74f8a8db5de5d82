"""leakbench-server as a process: its arguments, its ports, and clients that misbehave."""

import json
import re
import socket
import subprocess
import urllib.request

import pytest
from conftest import SERVER, eventually


@pytest.fixture
def server():
    """Starts a server on free ports; gives (port, control port, process)."""
    running = []

    def start(variant, *words):
        process = subprocess.Popen(
            [SERVER, "orphaned-task", "--variant", variant, *map(str, words)],
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        match = re.search(r"port (\d+), control port (\d+)", process.stderr.readline())
        return int(match[1]), int(match[2]), process

    yield start
    for process in running:
        process.terminate()
        assert process.wait(timeout=30) == 0, process.stderr.read()
        process.stderr.close()


def get(port, path="/"):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
        return response.read().decode()


def metric(control_port, name):
    text = get(control_port, "/metrics")
    return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])


def exchange(port, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        try:
            client.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has answered already; the answer is still to be read
        answer = b""
        while True:
            try:
                piece = client.recv(65536)
            except ConnectionResetError:
                return answer
            if not piece:
                return answer
            answer += piece


def test_two_ways_to_count_live_tasks_agree(server):
    port, control_port, _ = server("without-context", "--job-duration", "20s")
    for _ in range(50):
        assert get(port) == "ok"
    tasks = json.loads(get(control_port, "/debug/tasks?full=1&limit=1000"))
    listed = [t for t in tasks["tasks"] if t["site"]["kind"] == "application"]
    assert tasks["live_tasks"] == len(listed) == 50
    assert metric(control_port, "leakbench_live_tasks") == 50
    assert all(task["waits_for"] == "timer" for task in listed)


def test_with_the_context_the_work_ends_with_the_request(server):
    port, control_port, _ = server("with-context", "--job-duration", "20s")
    for _ in range(50):
        assert get(port) == "ok"
    eventually(lambda: metric(control_port, "leakbench_live_tasks") == 0)
    tasks = json.loads(get(control_port, "/debug/tasks"))
    work = next(s for s in tasks["sites"] if s["name"] == "expensive_work")
    assert work["started"] == 50


REFUSED = {
    "rubbish": (b"rubbish\r\n\r\n", b"400"),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50, b"400"),
    "no-host": (b"GET / HTTP/1.1\r\n\r\n", b"400"),
    "header": (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 1_000_000 + b"\r\n\r\n", b"431"),
    "target": (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
    "body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
    "version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"505"),
}


@pytest.mark.parametrize("request_bytes, status", REFUSED.values(), ids=REFUSED.keys())
def test_a_request_that_is_malformed_or_too_large_is_refused_and_harms_nobody(
    server, request_bytes, status
):
    port, control_port, process = server("with-context")
    for _ in range(3):
        assert exchange(port, request_bytes).split(b" ")[1:2] == [status]
    assert get(port) == "ok"
    assert process.poll() is None
    eventually(lambda: metric(control_port, "leakbench_connections_open") == 0)


def test_random_bytes_harm_nobody(server):
    port, _, process = server("with-context")
    for seed in range(100):
        noise = bytes((seed * 7919 + i * i * 31) % 256 for i in range(200 + seed))
        exchange(port, noise + b"\r\n\r\n")
    assert get(port) == "ok"
    assert process.poll() is None


def run_server(*words):
    done = subprocess.run([SERVER, *words], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "words, complaint",
    [
        ([], "which scenario? known: cascading-timeout, false-alarms, orphaned-task, planted-leaks"),
        (["orphaned"], 'no scenario "orphaned"; known: cascading-timeout, false-alarms, orphaned-task'),
        (["orphaned-task"], "--variant is missing; this scenario has"),
        (["orphaned-task", "--variant", "x"], "without-context, with-context"),
        (["orphaned-task", "--variant", "with-context", "--step", "0s"], "--step must be longer"),
        (["orphaned-task", "--variant", "with-context", "--step", "9s"], "no longer than"),
        (["orphaned-task", "--variant", "with-context", "--payload", "9" * 11], "at most"),
        (["orphaned-task", "--variant", "with-context", "--step", "now"], "--step must be"),
        (["orphaned-task", "--variant", "with-context", "--stop", "1s"], "unknown option --stop"),
        (["orphaned-task", "--variant", "with-context", "--step"], "--step needs a value"),
        (["orphaned-task", "--variant", "with-context", "stray"], "stray"),
        (["orphaned-task", "--port", "99999"], "--port: Value 99999 not in range 0 to 65535"),
        (["orphaned-task", "--port", "abc"], "--port: Value abc not in range 0 to 65535"),
        (["orphaned-task", "--control-port", "-1"], "--control-port: Value -1 not in range 0 to"),
        (["orphaned-task", "--workers", "many"], "--workers: Value many not in range 0 to 1024"),
        (["orphaned-task", "--grace", "soon"], '--grace must be a duration such as 2s, is "soon"'),
    ],
)
def test_bad_arguments_exit_2_with_one_line(words, complaint):
    code, err = run_server(*words)
    assert code == 2
    assert complaint in err and len(err.splitlines()) == 1


def test_a_port_in_use_exits_8():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for option in ("--port", "--control-port"):
            code, err = run_server("orphaned-task", "--variant", "with-context", option, port)
            assert code == 8
            assert port in err and len(err.splitlines()) == 1


def test_help_names_every_scenario_variant_and_option():
    done = subprocess.run([SERVER, "--help"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    for words in ("orphaned-task", "--variant without-context", "--job-duration 5s", "--payload"):
        assert words in done.stdout
