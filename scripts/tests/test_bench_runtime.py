"""scripts/bench-runtime on canned output: nothing is built, nothing is measured."""

import json
import re
import sys
from pathlib import Path

import pytest
from leakbench_bench import builds, wrk
from leakbench_bench.figures import median, quotient
from leakbench_bench.processes import MeasurementError, cpu_ticks
from leakbench_bench.rounds import measure_rounds
from runtime_bench import http_load, tables
from runtime_bench.operations import (
    BYTES,
    KINDS,
    Operation,
    Target,
    http_operations,
    micro_operations,
)
from runtime_bench.programs import go_sample, google_sample
from runtime_bench.results import RegistryCost, Result, Sample, document

REPOSITORY = Path(__file__).resolve().parents[2]
LOOKUP = Operation("ValueLookup/depth:10", "value lookup, depth 10", 1, target=Target(105, 10))
MEMORY = Operation("MemoryOfATask/tasks:100000", "memory per task", 1, unit=BYTES)

GOOGLE = {
    "context": {"num_cpus": 2, "registry": "on"},
    "benchmarks": [
        {
            "name": "BM_ValueLookup/depth:10/workers:1/process_time",
            "run_type": "iteration",
            "iterations": 5,
            "real_time": 1.5e6,
            "cpu_time": 1.2e6,
            "time_unit": "ns",
            "operations": 1e5,
            "bytes": 391.5,
        }
    ],
}


def google(**changes):
    report = json.loads(json.dumps(GOOGLE))
    report["benchmarks"][0].update(changes)
    return json.dumps(report)


def samples(*values):
    return [Sample(value, value * 2) for value in values]


# What is listed and what is there.


def sources(pattern):
    files = sorted(REPOSITORY.glob(pattern))
    assert files
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_operation_is_a_google_benchmark():
    defined = set(re.findall(r"^void BM_(\w+)\(", sources("runtime/*/*_benchmark.cc"), re.M))
    assert {kind.name.split("/")[0] for kind in KINDS} <= defined


def test_the_go_peer_has_the_operations_that_are_held_against_it():
    names = set(re.findall(r'"([\w:/]+)"', sources("runtime/benchmark/go/operations/*.go")))
    for kind in KINDS:
        assert (kind.name in names) == (kind.peer == "go"), kind.name


def test_no_operation_is_listed_twice():
    listed = micro_operations() + http_operations()
    assert len({(entry.name, entry.workers, entry.peer) for entry in listed}) == len(listed)


def test_targets_hold_for_one_worker():
    assert all(entry.target is None for entry in micro_operations() if entry.workers != 1)


# Reading what the programs print.


def test_a_google_benchmark_is_divided_by_the_operations_of_a_batch():
    assert google_sample(google(), LOOKUP, "on") == Sample(12.0, 15.0)


def test_a_google_benchmark_of_memory_gives_its_bytes():
    assert google_sample(google(), MEMORY, "on") == Sample(391.5)


@pytest.mark.parametrize(
    "output, registry, part",
    [
        ("", "on", "no JSON"),
        (google(), "off", "built with the registry on, wanted it off"),
        (google(run_type="aggregate"), "on", "0 benchmarks"),
        (google(error_occurred=True, error_message="out of memory"), "on", "out of memory"),
    ],
)
def test_output_that_is_not_the_benchmark_asked_for_is_refused(output, registry, part):
    with pytest.raises(MeasurementError, match=part):
        google_sample(output, LOOKUP, registry)


def test_the_go_peer_gives_costs_per_operation():
    line = '{"name":"ValueLookup/depth:10","workers":1,"cpu_ns":31.5,"wall_ns":40}'
    assert go_sample(line, LOOKUP) == Sample(31.5, 40)


def test_the_go_peer_may_not_answer_for_another_operation():
    line = '{"name":"ValueLookup/depth:10","workers":2,"cpu_ns":31.5,"wall_ns":40}'
    with pytest.raises(MeasurementError, match="with 2 workers"):
        go_sample(line, LOOKUP)


WRK = """\
Running 1s test @ http://127.0.0.1:8080/
  1 threads and 100 connections
  112233 requests in 1.00s, 15.10MB read
Requests/sec: 112233.00
"""


def test_wrk_tells_how_many_requests_were_answered_and_how_long_it_took():
    assert wrk.answered(WRK) == (112_233, 1.0)
    assert wrk.answered(WRK.replace("1.00s", "1.50m")) == (112_233, 90)


@pytest.mark.parametrize(
    "line",
    [
        "  Socket errors: connect 0, read 12, write 0, timeout 3",
        "  Non-2xx or 3xx responses: 4",
    ],
)
def test_a_load_with_errors_is_no_measurement(line):
    with pytest.raises(MeasurementError, match=line.strip()):
        wrk.answered(WRK + line)


def test_output_without_a_count_is_no_measurement():
    with pytest.raises(MeasurementError, match="no number of requests"):
        wrk.answered("unable to connect")


def test_what_opening_connections_costs_is_not_charged_to_the_requests():
    opening = 0.5
    short, long = (100, opening + 0.1, 1.0), (400, opening + 0.4, 4.0)
    found = http_load.difference_per_request(short, long)
    assert found.value == pytest.approx(1e6)
    assert found.wall == pytest.approx(1e7)


def test_a_long_load_with_fewer_requests_than_the_short_one_is_no_measurement():
    with pytest.raises(MeasurementError, match="90 requests in the long load, 100 in the short"):
        http_load.difference_per_request((100, 0.1, 1.0), (90, 0.4, 4.0))


def test_cpu_time_is_found_behind_any_process_name():
    stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 70 30 0 0 20 0 1 0 500 1000 10"
    assert cpu_ticks(stat) == 100


def test_the_cmake_cache_tells_compiler_and_flags(tmp_path):
    cache = tmp_path / "CMakeCache.txt"
    cache.write_text(
        "// a comment\nCMAKE_CXX_COMPILER:FILEPATH=/usr/bin/c++\n"
        "CMAKE_CXX_FLAGS:STRING=\nCMAKE_CXX_FLAGS_RELEASE:STRING=-O3 -DX=1\n"
    )
    assert builds.read_cmake_cache(cache) == {
        "CMAKE_CXX_COMPILER": "/usr/bin/c++",
        "CMAKE_CXX_FLAGS": "",
        "CMAKE_CXX_FLAGS_RELEASE": "-O3 -DX=1",
    }


# Figures.


def test_the_median_of_an_even_number_lies_between():
    assert median(samples(1, 10, 2, 4)) == 3
    assert median(samples(1, 10, 2, 4), "wall") == 6


def test_without_samples_there_is_no_median():
    assert median([]) is None
    assert median([Sample(391.5)], "wall") is None


@pytest.mark.parametrize(
    "value, by, expected",
    [(100, 50, 2), (50, 100, 0.5), (None, 1, None), (1, None, None), (1, 0, None)],
)
def test_a_quotient_needs_both_of_its_figures(value, by, expected):
    assert quotient(value, by) == expected


def test_a_ratio_above_one_means_that_we_are_better():
    assert Result(LOOKUP, samples(50), samples(100)).ratio == 2


@pytest.mark.parametrize(
    "target, ours, found, expected",
    [
        (Target(ours=30), 30, None, True),
        (Target(ours=30), 30.1, 99, False),
        (Target(ours=30, ratio=10), 29, 10, True),
        (Target(ours=30, ratio=10), 29, 9.9, False),
        (Target(ours=30, ratio=10), 29, None, None),
        (Target(ours=30, ratio=10), 31, None, False),
        (Target(ours=30), None, None, None),
    ],
)
def test_a_target_is_met_when_every_part_of_it_is(target, ours, found, expected):
    assert target.met(ours, found) is expected


# Rounds.


def side(name, log, samples_of, failure=None):
    def measure():
        log.append(name)
        if failure:
            raise MeasurementError(failure)
        return Sample(float(len(log)))

    return name, measure, samples_of


def test_the_sides_take_turns_at_going_first():
    log, ours, peer = [], [], []
    sides = [(*side("ours", log, ours), None), (*side("peer", log, peer), None)]
    measure_rounds(3, [("operation", sides)], lambda *_: None, pytest.fail)
    assert log == ["ours", "peer", "peer", "ours", "ours", "peer"]
    assert len(ours) == len(peer) == 3


def test_a_side_may_want_fewer_rounds():
    log, ours, peer = [], [], []
    sides = [(*side("ours", log, ours), None), (*side("peer", log, peer), 1)]
    measure_rounds(3, [("operation", sides)], lambda *_: None, pytest.fail)
    assert (len(ours), len(peer)) == (3, 1)


def test_a_side_that_fails_is_told_of_once_and_the_others_go_on():
    log, ours, peer, complaints = [], [], [], []
    sides = [(*side("ours", log, ours, "exit code 1"), None), (*side("peer", log, peer), None)]
    measure_rounds(3, [("operation", sides)], lambda *_: None, complaints.append)
    assert complaints == ["operation, ours: exit code 1"]
    assert (len(ours), len(peer)) == (0, 3)


# What people see.


def test_the_table_shows_costs_ratio_target_and_whether_it_is_met():
    two = Operation("ValueLookup/depth:10", "value lookup, depth 10", 2)
    alone = Operation("AwaitATask", "await a task", 1, peer=None)
    results = [
        Result(LOOKUP, samples(12.8, 12.7, 99), samples(130, 128, 1)),
        Result(MEMORY, samples(391.5), samples(3151)),
        Result(alone, samples(19.94)),
        Result(two, samples(1040.4), []),
    ]
    assert tables.micro_table(results) == [
        "1 worker                    ours       Go  ratio       target  met",
        "value lookup, depth 10   12.8 ns   128 ns    10x  105 ns, 10x  yes",
        "memory per task            392 B  3,151 B  8.05x",
        "await a task             19.9 ns",
        "",
        "2 workers                   ours       Go  ratio       target  met",
        "value lookup, depth 10  1,040 ns      n/a    n/a",
    ]


def test_http_is_shown_in_requests_per_cpu_second():
    go, nginx = (entry for entry in http_operations() if entry.connections == 10_000)
    ours = samples(16_000)
    lines = tables.http_table([Result(go, ours, samples(64_000)), Result(nginx, ours, [])])
    assert [line.split() for line in lines[1:]] == [
        ["10,000", "connections", "62,500", "15,625", "Go", "4x", "2x", "yes"],
        ["10,000", "connections", "62,500", "n/a", "nginx", "n/a", "0.769x", "n/a"],
    ]


def test_the_cost_of_the_registry_is_a_difference():
    lines = tables.registry_table([RegistryCost(LOOKUP, samples(50), samples(42.5))])
    assert lines[1].split()[-7:] == ["1", "50", "ns", "42.5", "ns", "7.5", "ns"]


def test_the_difference_is_taken_round_by_round():
    cost = RegistryCost(LOOKUP, samples(168, 262, 291), samples(166, 260, 174))
    assert cost.difference == 2


def test_the_document_holds_every_round_and_null_where_nothing_was_measured():
    results = [
        Result(LOOKUP, samples(10, 12, 11), samples(110, 100)),
        Result(MEMORY, [Sample(391.5)], []),
    ]
    written = document({"cpu_model": "x"}, 3, results, None, ["no go"], True)
    assert json.loads(json.dumps(written, allow_nan=False)) == {
        "schema": "leakbench/runtime-benchmark",
        "schema_version": "1.0.0",
        "tool": "bench-runtime",
        "cpu_model": "x",
        "rounds": 3,
        "complete": True,
        "notes": ["no go"],
        "operations": [
            {
                "name": "ValueLookup/depth:10",
                "title": "value lookup, depth 10",
                "workers": 1,
                "unit": "ns",
                "peer_name": "go",
                "ours": 11,
                "peer": 105,
                "ratio": 105 / 11,
                "target": {"ours": 105, "ratio": 10},
                "met": False,
                "ours_wall": 22,
                "peer_wall": 210,
                "rounds": [[10, 12, 11], [110, 100]],
            },
            {
                "name": "MemoryOfATask/tasks:100000",
                "title": "memory per task",
                "workers": 1,
                "unit": "B",
                "peer_name": "go",
                "ours": 391.5,
                "peer": None,
                "ratio": None,
                "target": None,
                "met": None,
                "ours_wall": None,
                "peer_wall": None,
                "rounds": [[391.5], []],
            },
        ],
        "registry_cost": None,
    }


# The command.

ANSWER = """\
#!{python}
import json, os, re, signal, sys, time
{before}
name = re.search("BM_[A-Za-z]+", sys.argv[1].replace("\\\\", ""))[0]
run = {{"run_type": "iteration", "cpu_time": 2000.0, "real_time": 3000.0,
       "operations": 100, "bytes": 300.0}}
print(json.dumps({{"context": {{"registry": "on"}}, "benchmarks": [run]}}))
"""


@pytest.fixture
def command(call, tmp_path):
    """The command on a runtime_benchmark of ours, where neither Go nor wrk is installed."""

    def run(*arguments, before=""):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name in ("runtime_benchmark", "hello_server"):
            (folder / name).write_text(ANSWER.format(python=sys.executable, before=before))
            (folder / name).chmod(0o755)
        return call(
            "bench-runtime",
            "--bin",
            folder,
            *arguments,
            interpreter=[sys.executable],
            PATH=str(tmp_path),
        )

    return run


def test_without_go_and_wrk_ours_is_measured_all_the_same(command, tmp_path):
    out = tmp_path / "out.json"
    result = command("--rounds", 2, "--only", "err\\(\\)|http", "--out", out)
    assert result.returncode == 0, result.stderr
    assert re.search(r"err\(\) on a live context +20 ns +n/a +n/a", result.stdout)
    assert "no `go` on PATH" in result.stderr
    assert "no `wrk` on PATH" in result.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["complete"] is True
    assert written["go_version"] is None
    first = written["operations"][0]
    assert first["rounds"] == [[20.0, 20.0], []]
    assert first["peer"] is None


def test_what_cannot_be_measured_gives_exit_code_6(command):
    result = command("--only", "err\\(\\)", before="sys.exit('out of luck')")
    assert result.returncode == 6
    assert "not measured: err() on a live context, 1 worker, ours" in result.stderr
    assert "out of luck" in result.stderr
    assert re.search(r"err\(\) on a live context +n/a", result.stdout)


def test_an_interrupted_run_prints_what_is_finished(command, tmp_path):
    out = tmp_path / "out.json"
    before = (
        "if 'Err' in sys.argv[1] and 'workers:2' in sys.argv[1]:\n"
        "  os.kill(os.getppid(), signal.SIGINT)\n"
        "  time.sleep(60)"
    )
    result = command("--rounds", 1, "--only", "err\\(\\)", "--out", out, before=before)
    assert result.returncode == 130, result.stderr
    assert re.search(r"err\(\) on a live context +20 ns", result.stdout)
    assert "2 workers" not in result.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["complete"] is False


@pytest.mark.parametrize(
    "arguments, part",
    [
        (["--rounds", "0"], "--rounds"),
        (["--only", "("], "not a regular expression"),
        (["--only", "no such thing"], "no operation matches"),
        (["--out", "/no/such/folder/x.json"], "cannot write into /no/such/folder: No such file"),
        (["--out", "/proc/x.json"], "cannot write into /proc"),
        (["--out", "/tmp"], "/tmp is no regular file"),
        (["--out", "/dev/null"], "/dev/null is no regular file"),
        (["--out", "x" * 300], "File name too long"),
        (["--bin", "/usr/include"], "no runtime_benchmark that can be run in /usr/include"),
        (["--bin", "/nowhere", "--only", "http"], "no hello_server that can be run in /nowhere"),
        (["--registry-cost"], "--bin says not to"),
        (["nonsense"], "unrecognized arguments"),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything_is_built(command, arguments, part):
    result = command(*arguments)
    assert result.returncode == 2
    assert part in result.stderr


def test_a_cost_of_the_registry_that_no_operation_has_is_refused(call):
    result = call("bench-runtime", "--registry-cost", "--only", "err\\(\\)")
    assert result.returncode == 2
    assert "the registry has no part in any operation that matches err" in result.stderr


def test_looking_whether_it_can_be_written_leaves_nothing_behind(command, tmp_path):
    out = tmp_path / "out.json"
    result = command("--only", "err\\(\\)", "--bin", "/nowhere", "--out", out)
    assert result.returncode == 2
    assert not out.exists()
    result = command("--only", "err\\(\\)", "--out", out)
    assert result.returncode == 0, result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "out.json"]
