"""scripts/bench-load on canned output and stand-ins: nothing is built, no load is made."""

import json
import math
import re
import shutil
import statistics
import sys
import time
from pathlib import Path

import pytest
from leakbench_bench.processes import MeasurementError, serving
from load_bench import tables
from load_bench.checks import FlatSample, FrozenSample, FrozenServer, ideal_p99, stopped
from load_bench.clients import (
    PEERS,
    ab_answered,
    ab_command,
    floor,
    h2load_answered,
    leakbench,
    leakbench_report,
    why_no_engine,
)
from load_bench.core_times import CoreTimes, parse_core_times
from load_bench.load import Cores, Part, Sample, difference
from load_bench.results import (
    FLAT_MEMORY,
    FROZEN_SERVER,
    CheckResult,
    LoadOperation,
    LoadResult,
    document,
    figures_of,
)
from load_bench.running import RunningClient

CORE = Cores.of_this_process().client

# Reading what the clients print. wrk's output is looked at in test_bench_runtime.py.

H2LOAD = """\
Main benchmark duration is over for thread #0. Stopping all clients.
Stopped all clients for thread #0

finished in 2.54s, 10545.50 req/s, 659.06KB/s
requests: 21091 total, 31091 started, 21091 done, 21091 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 21091 2xx, 0 3xx, 0 4xx, 0 5xx
"""

AB = """\
Document Length:        2 bytes

Concurrency Level:      100
Time taken for tests:   1.002 seconds
Complete requests:      8821
Failed requests:        0
Keep-Alive requests:    8821
Total transferred:      564544 bytes
Requests per second:    8804.10 [#/sec] (mean)
"""


def leakbench_output(**changes):
    counts = {"sent": 20_500, "ok": 20_500, "http_5xx": 0, "timeout": 0}
    connections = {"asked": 100, "established": 100, "served": 100, "reconnects": 0}
    report = {
        "duration_ns": 2_000_000_000,
        "throughput_rps": 10_000.0,
        "requests": counts | changes.get("requests", {}),
        "connections": connections | changes.get("connections", {}),
        "generator": {"engine": changes.get("engine", "epoll")},
    }
    return json.dumps(report)


def test_h2load_counts_for_as_long_as_its_rate_says():
    requests, seconds = h2load_answered(H2LOAD)
    assert requests == 21_091
    assert seconds == pytest.approx(2)


@pytest.mark.parametrize(
    "output, part",
    [
        ("", "no number of requests"),
        (H2LOAD.replace("0 errored", "3 errored"), "3 errored"),
        (H2LOAD.replace("21091 succeeded, 0 failed", "21000 succeeded, 91 failed"), "91 failed"),
        (H2LOAD.replace("10545.50", "0.00"), "0.00 req/s"),
    ],
)
def test_output_of_h2load_with_errors_is_no_measurement(output, part):
    with pytest.raises(MeasurementError, match=part):
        h2load_answered(output)


def test_ab_tells_requests_and_seconds():
    assert ab_answered(AB) == (8821, 1.002)


@pytest.mark.parametrize(
    "output, part",
    [
        ("", "no 'Complete requests'"),
        (AB.replace("Failed requests:        0", "Failed requests:        7"), "Failed requests: 7"),
        (AB + "Non-2xx responses:      12\n", "Non-2xx responses: 12"),
        (AB.replace("Alive requests:    8821", "Alive requests:    0"), "8821 of 8821"),
    ],
)
def test_output_of_ab_with_errors_is_no_measurement(output, part):
    with pytest.raises(MeasurementError, match=part):
        ab_answered(output)


def test_ab_is_told_its_most_requests_behind_its_time_which_would_undo_it():
    words = ab_command("http://127.0.0.1:1/", 100, 5)
    assert words.index("-n") > words.index("-t")


def test_leakbench_counts_what_was_answered_in_time():
    client = leakbench(Path("leakbench"), "epoll")
    assert client.answered(leakbench_output()) == (20_000, 2.0)
    assert "--duration 5s" in " ".join(map(str, client.command("http://127.0.0.1:1/", 100, 5)))


def test_the_memory_that_leakbench_says_it_had_counts():
    client = leakbench(Path("leakbench"), "epoll")
    output = json.loads(leakbench_output())
    output["generator"]["memory_peak_bytes"] = 14_000_000
    assert client.memory_peak(json.dumps(output)) == 14_000_000
    output["generator"]["memory_peak_bytes"] = None
    assert client.memory_peak(json.dumps(output)) == 0


def test_the_floor_is_told_a_port_and_tells_answers_and_seconds():
    client = floor(Path("benchmark_client"), "epoll")
    words = list(map(str, client.command("http://127.0.0.1:8123/", 100, 5)))
    assert words == ["benchmark_client", "epoll", "8123", "100", "5"]
    assert client.answered("600000 answers in 5.001 s\n") == (600_000, 5.001)
    with pytest.raises(MeasurementError, match="printed 'nothing'"):
        client.answered("nothing")


@pytest.mark.parametrize(
    "output, part",
    [
        ("no connection", "no JSON: no connection"),
        (leakbench_output(engine="io_uring"), "used io_uring, not epoll"),
        (leakbench_output(requests={"ok": 20_400, "timeout": 100}), "20400 ok, 100 timeout"),
        (leakbench_output(requests={"sent": 0, "ok": 0}), "0 ok"),
        (leakbench_output(connections={"established": 99}), "99 of 100 connections"),
        (leakbench_output(connections={"reconnects": 1}), "1 opened again"),
    ],
)
def test_a_report_of_leakbench_with_errors_is_no_measurement(output, part):
    with pytest.raises(MeasurementError, match=part):
        leakbench_report(output, "epoll")


def executable(path, text):
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    "code, reason",
    [(8, "exit code 8: leakbench: no io_uring here"), (6, None), (0, None)],
)
def test_an_engine_is_missing_where_leakbench_says_that_the_system_lacks_it(tmp_path, code, reason):
    text = f"import sys; print('leakbench: no io_uring here', file=sys.stderr); sys.exit({code})"
    assert why_no_engine(executable(tmp_path / "leakbench", text), "io_uring") == reason


def test_a_peer_tells_its_version(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    peer = PEERS[0]
    assert peer.version() is None
    # It prints its usage behind it, and fails.
    said = "wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer"
    executable(tmp_path / peer.program, f"import sys; print('{said}'); print('Usage'); sys.exit(1)")
    assert peer.version() == "4.1.0-3+b2"


# A client at work.


def running(code):
    return RunningClient([sys.executable, "-c", code], CORE)


def test_the_memory_of_a_client_is_its_own_and_nothing_of_what_started_it():
    ballast = bytearray(64_000_000)
    with RunningClient(["sleep", "0.3"], CORE) as client:
        finished = client.finish()
    assert 0 < finished.memory_peak < 32_000_000 < len(ballast)


def test_the_peak_of_its_memory_is_seen_before_it_ends():
    with running("import time; x = bytearray(64_000_000); del x; time.sleep(0.5)") as client:
        assert client.finish().memory_peak > 64_000_000


def test_cpu_time_and_output_of_a_client_are_those_of_the_whole_process():
    burn = "import time\nwhile time.process_time() < 0.3: pass\nprint('x' * 200_000)"
    with running(burn) as client:
        finished = client.finish()
    assert 0.3 <= finished.cpu_seconds < 3
    assert len(finished.output) == 200_001


def test_a_client_says_when_its_connections_are_open():
    said = "import sys, time; print('connect  5/5 connections', file=sys.stderr, flush=True)\n"
    with running(said + "time.sleep(60)") as client:
        assert client.connected_after is None
        client.wait_until_connected()
        assert 0 < client.connected_after < 60
        assert client.is_running()


def test_a_client_that_ends_without_connections_is_no_measurement():
    with running("pass") as client:
        with pytest.raises(MeasurementError, match="did not say"):
            client.wait_until_connected()


def test_why_a_client_failed_is_the_last_line_of_its_errors():
    with running("import sys; print('one', file=sys.stderr); sys.exit('two')") as client:
        with pytest.raises(MeasurementError, match="exit code 1: two"):
            client.finish()


def test_a_client_is_gone_when_its_block_ends():
    with running("import time; time.sleep(60)") as client:
        assert client.is_running()
    with pytest.raises(ChildProcessError):
        client.is_running()


def state_of(pid):
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return stat[stat.rindex(")") + 2]


def wait_for_state(pid, states):
    deadline = time.monotonic() + 10
    while state_of(pid) not in states:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_server_stands_still_for_as_long_as_the_block_takes():
    with serving(["sleep", "60"]) as server:
        with pytest.raises(RuntimeError), stopped(server.pid) as stop:
            wait_for_state(server.pid, "T")
            raise RuntimeError
        wait_for_state(server.pid, "SR")
        assert stop.seconds > 0


# Figures.


def part(requests, seconds, client_cpu, server_cpu, **others):
    return Part(
        requests,
        seconds,
        client_cpu,
        server_cpu,
        others.get("memory_peak", 5_000_000),
        others.get("connected_seconds"),
        others.get("foreign_share", 0.0),
    )


def test_what_opening_connections_takes_is_not_charged_to_the_requests():
    short = part(10_000, 1.2, 0.5 + 0.1, 0.5 + 0.2, memory_peak=1, connected_seconds=0.3)
    long = part(410_000, 5.2, 0.5 + 4.1, 0.5 + 2.2, memory_peak=2, connected_seconds=0.4)
    sample = difference(short, long)
    assert sample.rps == pytest.approx(100_000)
    assert sample.client_cpu_ns == pytest.approx(10_000)
    assert sample.server_cpu_ns == pytest.approx(5_000)
    assert sample.client_share == pytest.approx(1)
    assert sample.server_share == pytest.approx(0.5)
    assert sample.rps_with_connecting == pytest.approx(410_000 / 5.2)
    assert sample.memory_peak == 2
    assert sample.connected_ns == pytest.approx(0.4e9)


def test_a_long_load_with_fewer_requests_than_the_short_one_is_no_measurement():
    with pytest.raises(MeasurementError, match="90 requests in the long load, 100 in the short"):
        difference(part(100, 1, 0.1, 0.1), part(90, 5, 0.4, 0.4))


STAT = """\
cpu  900 0 300 5000 100 0 50 20 0 0
cpu0 400 0 100 2500 50 0 30 10 0 0
cpu1 500 0 200 2500 50 0 20 10 7 7
cpu10 1 1 1 1 1 1 1 1 1 1
intr 12345 1 2
"""


def test_a_core_is_busy_when_it_is_neither_idle_nor_waits_for_a_disk():
    ticks = {"busy": 400 + 100 + 30 + 10, "all": 400 + 100 + 2500 + 50 + 30 + 10}
    found = parse_core_times(STAT, [0])
    assert found.busy / found.all == pytest.approx(ticks["busy"] / ticks["all"])
    both = parse_core_times(STAT, [0, 1])
    assert both.all - found.all == pytest.approx(parse_core_times(STAT, [1]).all)


def test_others_have_what_we_did_not_use_of_the_busy_time():
    between = CoreTimes(15.0, 30.0) - CoreTimes(7.0, 20.0)
    assert between.share_of_others(6.0) == pytest.approx(0.2)
    assert between.share_of_others(8.5) == 0


def test_client_and_server_run_apart_where_there_are_two_cores():
    assert Cores(0, 1).are_apart
    alone = Cores(3, 3)
    assert not alone.are_apart
    assert alone.all == [3]


@pytest.mark.parametrize("stop", [1.0, 0.2])
@pytest.mark.parametrize("rate", [1000, 4000])
def test_the_ideal_p99_is_that_of_an_ideal_run(stop, rate):
    load_seconds, begins = 5, 2
    due = [number / rate for number in range(load_seconds * rate)]
    waits = sorted(begins + stop - at if begins <= at < begins + stop else 0 for at in due)
    nearest_rank = waits[math.ceil(0.99 * len(waits)) - 1]
    assert ideal_p99(stop, load_seconds) == pytest.approx(nearest_rank, abs=2 / rate)


def test_a_stop_too_short_for_the_hundredth_part_is_not_seen():
    assert ideal_p99(0.04, 5) == 0


def test_what_is_under_way_when_the_server_stops_is_less_than_a_hundredth():
    assert FrozenServer.CONNECTIONS < FrozenServer.RATE * FrozenServer.SECONDS / 100


def sample(rps, cpu=10_000.0, **others):
    return Sample(
        rps=rps,
        client_cpu_ns=cpu,
        server_cpu_ns=others.get("server_cpu", 5_000.0),
        client_share=0.99,
        server_share=others.get("server_share", 0.5),
        rps_with_connecting=rps * 0.9,
        memory_peak=others.get("memory_peak", 5_000_000),
        connected_ns=others.get("connected_ns"),
        foreign_share=0.0,
    )


def loads(connections, wrk, ours, engine="epoll", target="responder"):
    operation = LoadOperation(target, connections)
    reference = LoadResult(operation, PEERS[0].client, samples=wrk, reference=wrk)
    client = leakbench(Path("leakbench"), engine)
    return [reference, LoadResult(operation, client, engine, ours, wrk)]


@pytest.mark.parametrize(
    "connections, engine, rps, met",
    [
        (100, "epoll", 50_000, True),
        (100, "io_uring", 49_999, False),
        (1_000, "io_uring", 50_000, True),
        (10_000, "epoll", 75_000, True),
        (10_000, "epoll", 74_999, False),
        (10_000, "io_uring", 94_999, False),
        (10_000, "io_uring", 95_000, True),
    ],
)
def test_leakbench_is_held_against_wrk_at_as_many_connections(connections, engine, rps, met):
    wrk, ours = loads(connections, [sample(50_000)], [sample(rps)], engine)
    assert ours.over_reference == rps / 50_000
    assert ours.met is met
    assert wrk.met is None
    assert wrk.over_reference is None


def test_without_wrk_or_without_our_own_figures_nothing_is_met_or_missed():
    assert loads(100, [], [sample(1)])[1].met is None
    assert loads(100, [sample(1)], [])[1].met is None


def test_nginx_has_no_targets_of_ours():
    ours = loads(100, [sample(10)], [sample(5)], target="nginx")[1]
    assert ours.over_reference == 0.5
    assert ours.least_over_reference is None
    assert ours.met is None


def few_and_many(many):
    return loads(100, [], [sample(1, 8_000.0)]) + loads(10_000, [], [many])


@pytest.mark.parametrize(
    "name, many, met",
    [
        ("CpuOfMany", sample(1, 10_000.0), True),
        ("CpuOfMany", sample(1, 10_001.0), False),
        ("MemoryPeak", sample(1, memory_peak=16_000_000), True),
        ("MemoryPeak", sample(1, memory_peak=16_000_001), False),
        ("Connecting", sample(1, connected_ns=0.9e9), True),
        ("Connecting", sample(1, connected_ns=1.1e9), False),
        ("Connecting", sample(1), None),
    ],
)
def test_what_is_asked_of_many_connections(name, many, met):
    figure = next(figure for figure in figures_of(few_and_many(many), []) if figure.name == name)
    assert figure.met is met


def test_only_what_was_to_be_measured_is_asked_for():
    assert figures_of(loads(100, [], [sample(1)]), []) == []
    names = [figure.name for figure in figures_of(loads(10_000, [], [sample(1)]), [])]
    assert names == ["MemoryPeak", "Connecting"]


@pytest.mark.parametrize(
    "check, met",
    [
        (CheckResult(FLAT_MEMORY, "epoll", [FlatSample(100, 105)]), True),
        (CheckResult(FLAT_MEMORY, "epoll", [FlatSample(100, 106)]), False),
        (CheckResult(FLAT_MEMORY, "epoll"), None),
        (CheckResult(FROZEN_SERVER, "epoll", [FrozenSample(950e6, 1e6, 950e6)]), True),
        (CheckResult(FROZEN_SERVER, "epoll", [FrozenSample(9e6, 1e6, 950e6)]), False),
        (CheckResult(FROZEN_SERVER, "epoll", [FrozenSample(1001e6, 1e6, 950e6)]), False),
    ],
)
def test_what_is_asked_of_leakbench_alone(check, met):
    (figure,) = figures_of([], [check])
    assert figure.met is met


# What people see.


def test_the_table_shows_all_clients_of_a_number_of_connections():
    full = [sample(80_000, 7_000.0, server_share=0.97)] * 3
    results = loads(10_000, [sample(50_000, 18_000.0)], full)
    results += loads(100, [], [sample(90_000, 5_500.0)], "io_uring", "nginx")
    assert tables.load_table(results) == [
        "10,000 connections      requests/s  over wrk  target  met  CPU/request  the server's"
        "  its core  the server's  peak memory",
        "wrk                         50,000                               18 us          5 us"
        "      99 %          50 %         5 MB",
        "leakbench, epoll            80,000      1.6x    1.5x  yes         7 us          5 us"
        "      99 %    97 %, full         5 MB",
        "",
        "100 connections, nginx  requests/s  over wrk  target  met  CPU/request  the server's"
        "  its core  the server's  peak memory",
        "wrk                            n/a                                 n/a           n/a"
        "       n/a           n/a          n/a",
        "leakbench, io_uring         90,000       n/a                    5.5 us          5 us"
        "      99 %          50 %         5 MB",
    ]


def test_the_other_table_shows_what_leakbench_was_to_reach():
    checks = [CheckResult(FROZEN_SERVER, "epoll", [FrozenSample(952e6, 1.2e6, 950e6)])]
    figures = figures_of(few_and_many(sample(1, 9_000.0, connected_ns=0.4e9)), checks)
    lines = [re.split(" {2,}", line) for line in tables.figure_table(figures)]
    assert lines == [
        ["leakbench", "engine", "measured", "target", "met", "beside it"],
        [
            "CPU per request at 10,000 connections over that at 100",
            "epoll",
            "1.12x",
            "at most 1.25x",
            "yes",
        ],
        ["peak memory at 10,000 connections", "epoll", "5 MB", "at most 16 MB", "yes"],
        [
            "from its start until 10,000 connections are open",
            "epoll",
            "400 ms",
            "at most 1 s",
            "yes",
        ],
        [
            "p99 of response time, server stopped for 1 s of 5, 4,000/s",
            "epoll",
            "952 ms",
            "900 ms to 1 s",
            "yes",
            "ideal: 950 ms, service time p99: 1.2 ms",
        ],
    ]


def test_the_document_holds_every_round_and_null_where_nothing_was_measured():
    samples = [sample(rps) for rps in (80_000, 70_000, 90_000)]
    results = loads(10_000, [], samples)
    checks = [CheckResult(FLAT_MEMORY, "epoll", [FlatSample(8_000_000, 8_000_000)])]
    written = document({"cpu_model": "x"}, 3, results, checks, ["no wrk"], True)
    written = json.loads(json.dumps(written, allow_nan=False))
    assert written["schema"] == "leakbench/load-benchmark"
    assert written["notes"] == ["no wrk"]
    wrk, ours = written["loads"]
    assert (wrk["client"], wrk["rps"], wrk["rounds"]) == ("wrk", None, [])
    assert ours["rps"] == 80_000
    assert [entry["rps"] for entry in ours["rounds"]] == [80_000, 70_000, 90_000]
    assert (ours["over_wrk"], ours["least_over_wrk"], ours["met"]) == (None, 1.5, None)
    growth = written["figures"][-1]
    assert (growth["name"], growth["value"], growth["met"]) == ("FlatMemory", 1.0, True)
    assert growth["beside"]["long_load_bytes"] == 8_000_000


# The command, with stand-ins: a client burns a fifth of the seconds that it is asked for, and lets
# the server burn as much.

RESPONDER = """\
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    until = time.process_time() + float(client.recv(100))
    while time.process_time() < until: pass
    client.close()
"""

BURN = """\
import os, re, signal, socket, sys, time
{before}
words = " ".join(sys.argv)
seconds = int(re.search(r"(?:-d|--duration) (\\d+)", words)[1])
server = socket.create_connection(("127.0.0.1", int(re.search(r":(\\d+)/", words)[1])))
server.sendall(str(seconds / 5).encode())
while time.process_time() < seconds / 5: pass
server.recv(1)
"""

WRK = BURN + 'print(f"  {{seconds * 40000}} requests in {{seconds}}.00s, 1.00MB read")\n'

FLOOR = """\
import socket, sys, time
port, seconds = int(sys.argv[2]), int(sys.argv[4])
server = socket.create_connection(("127.0.0.1", port))
server.sendall(str(seconds / 5).encode())
while time.process_time() < seconds / 5: pass
server.recv(1)
print(f"{seconds * 70000} answers in {seconds}.000 s")
"""

LEAKBENCH = """\
import sys
if "--requests 1" in " ".join(sys.argv):
    if "io_uring" in sys.argv: print("leakbench: no io_uring", file=sys.stderr)
    sys.exit(8 if "io_uring" in sys.argv else 6)
{burn}
import json
print("connect  100/100 connections", file=sys.stderr)
count = {{"sent": seconds * 60000, "ok": seconds * 60000}}
print(json.dumps({{
    "duration_ns": seconds * 10**9, "throughput_rps": 60000.0, "requests": count,
    "connections": {{"asked": 100, "established": 100, "reconnects": 0}},
    "generator": {{"engine": "epoll"}}}}))
"""


@pytest.fixture
def command(call, tmp_path):
    """The command where wrk is installed and nothing else is, nor any io_uring."""

    def run(*arguments, before=""):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        (folder / "taskset").symlink_to(shutil.which("taskset"))
        executable(folder / "wrk", WRK.format(before=""))
        executable(folder / "benchmark_responder", RESPONDER)
        executable(folder / "benchmark_client", FLOOR)
        executable(folder / "leakbench", LEAKBENCH.format(burn=BURN.format(before=before)))
        return call(
            "bench-load",
            "--bin",
            folder,
            *arguments,
            interpreter=[sys.executable],
            PATH=str(folder),
        )

    return run


def test_what_is_there_is_measured_and_what_is_missing_is_named(command, tmp_path):
    out = tmp_path / "out.json"
    result = command("--rounds", 2, "--quick", "--only", "^100 connections", "--out", out)
    assert result.returncode == 0, result.stderr
    assert re.search(r"^wrk +40,000 ", result.stdout, re.MULTILINE)
    assert re.search(r"^leakbench, epoll +60,000 +1\.5x +1x +yes ", result.stdout, re.MULTILINE)
    assert re.search(r"^leakbench, io_uring +n/a +n/a +1x +n/a ", result.stdout, re.MULTILINE)
    assert re.search(r"^ab -k +n/a ", result.stdout, re.MULTILINE)
    assert re.search(r"^floor, epoll +70,000 +1\.75x ", result.stdout, re.MULTILINE)
    assert re.search(r"^floor, io_uring +n/a ", result.stdout, re.MULTILINE)
    assert "no `h2load` on PATH" in result.stderr
    assert "apt-get install apache2-utils" in result.stderr
    assert "no figures of the engine io_uring: exit code 8: leakbench: no io_uring" in result.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["complete"] is True
    assert written["peers"]["h2load --h1"] is None
    assert written["server_engine"] == "epoll"
    ours = next(load for load in written["loads"] if load["engine"] == "epoll")
    assert len(ours["rounds"]) == 2
    assert ours["connected_ns"] > 0
    # CPU time, which what else runs on the machine does not change.
    for which in ("client_cpu_ns", "server_cpu_ns"):
        values = [entry[which] for entry in ours["rounds"]]
        assert ours[which] == statistics.median(values)
        assert ours[which] == pytest.approx(0.2 / 60_000 * 1e9, rel=0.5)


def test_what_cannot_be_measured_gives_exit_code_6(command):
    result = command("--quick", "--only", "^100 conn", before="sys.exit('out of luck')")
    assert result.returncode == 6
    assert "not measured: 100 connections, leakbench, epoll: exit code 1: out of luck" in (
        result.stderr
    )
    assert re.search(r"^wrk +40,000 ", result.stdout, re.MULTILINE)


def test_an_interrupted_run_prints_what_is_finished(command, tmp_path):
    out = tmp_path / "out.json"
    before = "os.kill(os.getppid(), signal.SIGTERM); time.sleep(60)"
    result = command("--quick", "--only", "^100 conn", "--out", out, before=before)
    assert result.returncode == 143, result.stderr
    assert re.search(r"^wrk +40,000 ", result.stdout, re.MULTILINE)
    assert "leakbench, epoll" not in result.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["complete"] is False


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--rounds", "0"], "--rounds"),
        (["--only", "no such thing"], "nothing measured matches no such thing"),
        (["--quick", "--only", "FlatMemory"], "nothing measured matches FlatMemory"),
        (["--only", "nginx"], "nothing measured matches nginx"),
        (["--bin", "/usr/include"], "no leakbench that can be run in /usr/include"),
        (["--out", "/no/such/folder/x.json"], "cannot write into /no/such/folder"),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything_is_built(command, arguments, part):
    result = command(*arguments)
    assert result.returncode == 2
    assert part in result.stderr
