"""cascading-timeout as four processes, in C++ and in Go: one deadline for all of them, or none."""

import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from conftest import BIN, eventually

SERVERS = ["leakbench-server", "leakbench-server-go"]
HANGS = ["--slow-share", "1", "--slow-latency", "1h", "--longest-latency", "1h", "--step", "20ms"]


class Process:
    def __init__(self, program, role, variant, *words):
        self.process = subprocess.Popen(
            [BIN / program, "cascading-timeout", "--role", role, "--variant", variant, *words],
            stderr=subprocess.PIPE,
            text=True,
        )
        match = re.search(r"port (\d+), control port (\d+)", self.process.stderr.readline())
        self.port, self.control_port = int(match[1]), int(match[2])
        self.url = f"http://127.0.0.1:{self.port}/"

    def metric(self, name):
        url = f"http://127.0.0.1:{self.control_port}/metrics"
        with urllib.request.urlopen(url, timeout=20) as response:
            text = response.read().decode()
        return float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE)[1])

    def terminate(self):
        self.process.terminate()
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@pytest.fixture(params=SERVERS)
def cascade(request):
    """Starts the four; gives them by role."""
    if not (BIN / request.param).exists():
        pytest.skip(f"{request.param} is not built")
    started = {}

    def start(variant, *words):
        urls = []
        for role in ("user", "order", "payment"):
            slow = HANGS if role == "payment" else []
            started[role] = Process(request.param, role, variant, *slow)
            urls += [f"--{role}-url", started[role].url]
        started["api"] = Process(request.param, "api", variant, *urls, *words)
        return started

    yield start
    for process in started.values():
        if process.process.poll() is None:
            process.process.kill()
            process.process.communicate()


def ask(process):
    try:
        with urllib.request.urlopen(process.url, timeout=60) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def in_flight(process):
    return process.metric("leakbench_requests_in_flight")


def test_with_the_context_a_service_stops_at_the_deadline_of_the_api(cascade):
    processes = cascade("with-context", "--deadline", "200ms", "--client-timeout", "1h")
    assert ask(processes["api"]) == 504
    eventually(lambda: in_flight(processes["payment"]) == 0)  # an hour early
    for process in processes.values():
        eventually(lambda process=process: process.metric("leakbench_live_tasks") == 0)
        assert process.terminate() == (0, "")


def test_without_it_the_service_works_on_for_nobody(cascade):
    processes = cascade("without-context", "--deadline", "1ms", "--client-timeout", "200ms")
    began = time.monotonic()
    assert ask(processes["api"]) == 504
    assert time.monotonic() - began >= 0.2
    wasted = "leakbench_scenario_wasted_work_ns_total"
    eventually(lambda: processes["payment"].metric(wasted) > 0)
    assert in_flight(processes["payment"]) == 1
    assert processes["user"].metric(wasted) == 0


def test_an_api_with_calls_under_way_ends_at_sigterm(cascade):
    processes = cascade(
        "with-context", "--deadline", "1h", "--client-timeout", "1h", "--grace", "100ms"
    )
    with socket.create_connection(("127.0.0.1", processes["api"].port), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: in_flight(processes["payment"]) == 1)
        assert processes["api"].terminate() == (0, "")
        assert client.recv(100).startswith(b"HTTP/1.1 504 ")
    eventually(lambda: in_flight(processes["payment"]) == 0)
