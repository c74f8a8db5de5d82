"""`leakbench load` against the project's own server, and against servers that misbehave."""

import json
import re
import resource
import signal
import socket
import subprocess
import threading
import time

import pytest
from conftest import LEAKBENCH, eventually, one_line_error
from load_reports import checked, outcomes_of, report_of

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Faulty:
    """Calls `answer(connection, request number)` for each request; closes when that gives False."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/path?q=1"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        number = 0
        try:
            with connection:
                while request := self.read(connection):
                    self.requests.append(request)
                    if self.answer(connection, number) is False:
                        return
                    number += 1
        except OSError:
            pass  # the load has ended the connection

    def read(self, connection):
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return b""
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body


@pytest.fixture
def faulty():
    servers = []

    def start(answer):
        servers.append(Faulty(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.listener.close()


@pytest.fixture
def server(target):
    return target.url


def test_a_number_of_requests_is_sent_and_answered(leakbench, server):
    finished = leakbench("load", server, "--connections", 20, "--requests", 2000, "--json")
    assert finished.code == 0, finished.err
    report = report_of(finished)
    assert report["url"] == server and report["model"] == "closed"
    assert report["status"] == "complete"
    assert report["requests"]["sent"] == report["requests"]["ok"] == 2000
    assert report["connections"] == {
        **{"asked": 20, "established": 20, "served": 20, "reconnects": 0},
        "answers": {"least": 100, "p1": 100, "most": 100},
    }
    times = report["response_time_ns"]
    assert 0 < times["p50"] <= times["p90"] <= times["p99"] <= times["max"]
    assert times["p999"] is None  # 2,000 answers do not support it
    assert times == report["service_time_ns"]  # a closed loop: due when sent
    assert report["connect_time_ns"]["max"] > 0
    seconds = report["duration_ns"] / 1e9
    assert report["throughput_rps"] == pytest.approx(2000 / seconds)
    assert report["generator"]["engine"] in ("epoll", "io_uring")
    assert report["generator"]["cpu_ns_per_request"] > 0
    assert report["generator"]["memory_peak_bytes"] > 1_000_000


def test_a_duration_is_kept_and_the_warm_up_not_counted(leakbench, server):
    words = ("--connections", 5, "--duration", "500ms", "--warmup", "300ms")
    began = time.monotonic()
    report = report_of(leakbench("load", server, *words, "--json"))
    assert time.monotonic() - began >= 0.8
    assert report["duration_ns"] == 500_000_000
    assert report["warm_up_ns"] == 300_000_000
    assert report["requests"]["ok"] == report["requests"]["sent"] > 5


def test_in_a_burst_waiting_for_ones_turn_counts(leakbench, server):
    words = ("--connections", 200, "--requests", 400, "--model", "burst", "--json")
    report = report_of(leakbench("load", server, *words))
    assert report["model"] == "burst"
    assert report["response_time_ns"]["mean"] > report["service_time_ns"]["mean"]


def test_a_person_gets_a_table_on_stdout_and_phases_on_stderr(leakbench, server):
    finished = leakbench("load", server, "--connections", 5, "--requests", 100, "--warmup", "50ms")
    assert finished.code == 0, finished.err
    for words in ("Response time", "Service time", "Throughput", "100 sent: 100 ok", "CPU per request"):
        assert words in finished.out
    assert "coordinated omission" in finished.out
    assert "\x1b" not in finished.out + finished.err
    phases = [line.split()[0] for line in finished.err.splitlines()]
    assert phases == ["connect", "warm-up", "measure"]
    quiet = leakbench("load", server, "--connections", 5, "--requests", 100, "--quiet")
    assert quiet.err == ""


def test_the_request_is_as_asked(leakbench, faulty, tmp_path):
    server = faulty(lambda connection, _: connection.sendall(OK))
    (tmp_path / "body").write_bytes(b"a\0b")
    words = ("--connections", 1, "--requests", 1, "--header", "X-One: 1", "--header", "Host: me")
    finished = leakbench("load", *words, server.url, "--body", f"@{tmp_path}/body")
    assert finished.code == 0, finished.err
    assert server.requests == [
        b"POST /path?q=1 HTTP/1.1\r\nX-One: 1\r\nHost: me\r\nContent-Length: 3\r\n\r\na\0b"
    ]


def test_without_keep_alive_each_request_has_a_connection(leakbench, server):
    words = ("--connections", 3, "--requests", 30, "--no-keep-alive", "--json")
    report = report_of(leakbench("load", server, *words))
    assert outcomes_of(report) == {"ok": 30}
    assert report["connections"]["reconnects"] == 27


def test_errors_of_the_server_are_counted_by_their_kind(leakbench, faulty):
    answers = [
        lambda c: c.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
        lambda c: c.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
        lambda c: c.sendall(OK),
        lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome") or False,
    ]
    server = faulty(lambda connection, number: answers[number](connection))
    words = ("--connections", 2, "--requests", 16, "--json")
    report = report_of(leakbench("load", server.url, *words))
    assert outcomes_of(report) == {"ok": 4, "http_4xx": 4, "http_5xx": 4, "end_of_file": 4}
    assert report["connections"]["reconnects"] == 2
    assert report["connections"]["answers"]["least"] == 6


def test_rubbish_is_a_parse_error_and_no_answer_at_all_exits_6(leakbench, faulty):
    server = faulty(lambda connection, _: connection.sendall(b"what?\r\n\r\n"))
    finished = leakbench("load", server.url, "--connections", 2, "--requests", 4, "--json")
    assert finished.code == 6
    assert "none of 4 requests" in one_line_error(finished)
    assert outcomes_of(report_of(finished)) == {"parse_error": 4}


def test_slow_answers_time_out(leakbench, faulty):
    def answer(connection, number):
        if number == 1:
            time.sleep(30)
        connection.sendall(OK)

    words = ("--connections", 2, "--requests", 4, "--timeout", "100ms", "--json")
    report = report_of(leakbench("load", faulty(answer).url, *words))
    assert outcomes_of(report) == {"ok": 2, "timeout": 2}
    assert report["response_time_ns"]["max"] < 100_000_000


def test_nobody_listening_is_told(leakbench):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    finished = leakbench("load", f"http://127.0.0.1:{port}/", "--connections", 3)
    assert finished.code == 6
    message = one_line_error(finished)
    assert f"127.0.0.1:{port}" in message and "refused 3" in message and "running?" in message
    assert finished.out == ""


@pytest.mark.parametrize(
    "gates, code",
    [
        (["errors>0"], 0),
        (["max>1h", "rps<1"], 0),
        (["p50>1ns"], 3),
        (["errors>0", "rps>1", "mean>1ns"], 3),
        (["p999>1h"], 3),
    ],
)
def test_a_gate_that_fails_exits_3(leakbench, server, gates, code):
    words = [word for gate in gates for word in ("--fail-if", gate)]
    finished = leakbench("load", server, "--connections", 5, "--requests", 100, "--json", *words)
    assert finished.code == code, finished.err
    assert report_of(finished)["requests"]["ok"] == 100
    if code == 3:
        assert gates[-1] in one_line_error(finished)


def test_a_gate_that_cannot_be_told_does_not_pass(leakbench, server):
    finished = leakbench("load", server, "--requests", 100, "--fail-if", "p99>1h")
    assert finished.code == 3
    assert "p99 cannot be told from 100 answers" in one_line_error(finished)
    help_text = leakbench("load", "--help").out
    assert "3 a --fail-if holds or cannot be told" in help_text


def test_answers_that_are_all_404_fail_by_a_gate_only(leakbench, faulty):
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    answers = faulty(lambda connection, _: connection.sendall(missing))
    words = ("load", answers.url, "--connections", 2, "--requests", 20, "--json")
    finished = leakbench(*words)
    assert outcomes_of(report_of(finished)) == {"http_4xx": 20}
    assert finished.code == 0
    assert leakbench(*words, "--fail-if", "errors>0").code == 3


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_what_there_is(start, faulty, number, code):
    answers = faulty(lambda connection, _: connection.sendall(OK))
    words = ("--connections", 4, "--duration", "1h", "--json", "--fail-if", "p50>1ns")
    process = start("load", answers.url, *words)
    eventually(lambda: len(answers.requests) > 100)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    assert "interrupted" in err
    report = checked(json.loads(out))
    assert report["status"] == "interrupted"
    assert 0 < report["duration_ns"] < 120e9
    counts = outcomes_of(report)
    assert set(counts) <= {"ok", "cut_by_end"} and counts["ok"] > 50
    assert sum(counts.values()) == report["requests"]["sent"]


def test_threads_have_descriptors_of_their_own_where_one_limit_is_too_low(leakbench, server):
    def lower_limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (250, 250))

    words = ("--connections", 600, "--requests", 1200, "--json")
    report = report_of(leakbench("load", server, *words, preexec_fn=lower_limit))
    assert outcomes_of(report) == {"ok": 1200}
    assert report["connections"]["established"] == 600
    assert report["generator"]["threads"] == 4  # 250 descriptors, 64 of them for other things


def test_too_few_descriptors_are_told_with_the_command_that_helps(leakbench):
    def lower_limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))

    finished = leakbench(
        "load", "http://127.0.0.1/", "--connections", 300, preexec_fn=lower_limit
    )
    assert finished.code == 8
    message = one_line_error(finished)
    assert "ulimit -n 364" in message and "at most 36 connections (--connections)" in message


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["http://192.0.2.1/"], "is not on this machine"),
        (["http://example.com/"], "is not on this machine"),
        (["http://[::1]:80/"], "is not on this machine"),
        (["https://127.0.0.1/"], "TLS"),
        (["127.0.0.1:80"], "http://"),
        ([], "which server? give its URL"),
        (["http://127.0.0.1/", "--connections", "0"], "--connections: must be a whole number"),
        (["http://127.0.0.1/", "--requests", "5"], "fewer than --connections 100"),
        (["http://127.0.0.1/", "--duration", "10"], '--duration: must be a time such as 500ms'),
        (["http://127.0.0.1/", "--duration", "1s", "--requests", "500"], "--requests"),
        (["http://127.0.0.1/", "--model", "poisson"], "poisson"),
        (["http://127.0.0.1/", "--header", "nonsense"], "nonsense"),
        (["http://127.0.0.1/", "--header", "Content-Length: 5"], "Content-Length"),
        (["http://127.0.0.1/", "--body", "@/nonexistent"], "/nonexistent"),
        (["http://127.0.0.1/", "--method", "GET /"], "GET /"),
        (["http://127.0.0.1/", "--fail-if", "p99>50"], "p99>50"),
        (["http://127.0.0.1/", "--fail-if", "p77>50ms"], "p77>50ms"),
    ],
)
def test_what_cannot_be_is_refused(leakbench, words, complaint):
    finished = leakbench("load", *words)
    assert finished.code == 2
    assert complaint in one_line_error(finished)
    assert finished.out == ""


def test_results_that_cannot_be_written_to_stdout_are_an_error(server):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [LEAKBENCH, "load", server, "--connections", "1", "--requests", "1"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert "cannot write the results to stdout" in done.stderr


def test_the_help_teaches(leakbench):
    finished = leakbench("load", "--help")
    assert finished.code == 0
    for words in ("Examples:", "--fail-if 'p99>50ms'", "Exit status", "coordinated omission"):
        assert words in finished.out
