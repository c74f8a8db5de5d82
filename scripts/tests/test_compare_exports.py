"""The exports hold every value, and the tools they are for take them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from compared_runs import builds, run_of
from go_tools import go_tool

from leakbench_compare.comparison import compare_between, compare_within
from leakbench_compare.exports import EXPORTS
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.errors import ReportError

SCRIPTS = Path(__file__).resolve().parents[1]
GOOGLE_COMPARE = Path("/usr/share/benchmark/compare.py")
BENCHSTAT = "golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da"
POLICY = read_policy(DEFAULT_POLICY)
MEAN, CPU, MEMORY = "response_time_mean_ns", "cpu_ns_per_request", "memory_peak_bytes"
BASE = [100_000_000 + n for n in range(10)]
HEAD = [150_000_000 + n for n in range(10)]


@pytest.fixture
def document():
    columns = {MEAN: (BASE, HEAD), CPU: (BASE, HEAD), MEMORY: (BASE, HEAD)}
    columns["live_tasks_settled"] = ([0] * 10, [3] * 10)
    columns["throughput_rps"] = ([0.1 + 0.2] * 10, [1e-7] * 10)
    return compare_within(run_of(builds(**columns)), POLICY)


def test_the_command_offers_all_formats():
    source = (SCRIPTS / "compare.py").read_text(encoding="utf-8")
    assert f"FORMATS = {tuple(EXPORTS)!r}".replace("'", '"') in source


def entries(document):
    return json.loads(EXPORTS["google-benchmark"](document))["benchmarks"]


def test_google_benchmark_gets_every_repetition_and_the_aggregates(document):
    found = entries(document)
    repetitions = [entry for entry in found if entry["run_type"] == "iteration"]
    assert [entry["real_time"] for entry in repetitions] == BASE + HEAD
    assert [entry["repetition_index"] for entry in repetitions] == list(range(10)) * 2
    assert {entry["time_unit"] for entry in found} == {"ns"}
    assert repetitions[0][MEMORY] == BASE[0]
    aggregates = {entry["name"]: entry for entry in found if entry["run_type"] == "aggregate"}
    assert aggregates["synthetic/with-context@head_median"]["real_time"] == 150_000_004.5
    assert aggregates["synthetic/with-context@head_cv"]["aggregate_unit"] == "percentage"
    assert len(aggregates) == 8


def test_google_benchmark_leaves_out_what_was_not_timed():
    times = [None, *BASE[1:]]
    document = compare_within(run_of(builds(**{MEAN: (times, HEAD)})), POLICY)
    repetitions = [e for e in entries(document) if e["run_type"] == "iteration"]
    assert [entry["real_time"] for entry in repetitions] == BASE[1:] + HEAD


def test_an_export_of_nothing_is_refused():
    run = run_of(builds(**{MEAN: ([None] * 10, [None] * 10)}))
    with pytest.raises(ReportError, match="nothing to export to google-benchmark"):
        EXPORTS["google-benchmark"](compare_within(run, POLICY))
    run.repetitions.clear()
    for name, render in EXPORTS.items():
        with pytest.raises(ReportError, match=f"nothing to export to {name}"):
            render(compare_within(run, POLICY))


@pytest.mark.skipif(not GOOGLE_COMPARE.exists(), reason="libbenchmark-tools is not installed")
def test_google_benchmarks_own_tool_takes_it(document, tmp_path):
    file = tmp_path / "arms.json"
    file.write_text(EXPORTS["google-benchmark"](document), encoding="utf-8")
    result = subprocess.run(
        ["/usr/bin/python3", GOOGLE_COMPARE, "--no-color", "filters", file, "@base", "@head"],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"_median +\+0\.5000 +\+0\.5000 ", result.stdout)
    assert re.search(r"_pvalue +0\.0002 .* Repetitions: 10 vs 10", result.stdout)


def test_go_gets_a_line_for_each_repetition_and_says_what_units_mean(document):
    lines = EXPORTS["go"](document).splitlines()
    runs = [line for line in lines if line.startswith("Benchmark")]
    assert len(runs) == 20
    names = {line.split()[0] for line in runs}
    assert names == {
        "BenchmarkSynthetic/variant=with-context/build=base-2",
        "BenchmarkSynthetic/variant=with-context/build=head-2",
    }
    assert "Unit live-tasks-settled better=lower assume=exact" in lines
    assert "Unit throughput-req/s better=higher" in lines
    assert f"{BASE[0]} ns/op" in runs[0]
    assert "0.3 throughput-req/s" in runs[0]
    assert "0.0000001 throughput-req/s" in runs[-1]
    for line in runs:
        assert re.fullmatch(r"Benchmark\S+ 1( -?[0-9.]+ \S+)+", line)


def test_a_count_that_varies_is_not_called_exact():
    varying = ([0] * 9 + [1], [0] * 10)
    document = compare_within(run_of(builds(live_tasks_settled=varying)), POLICY)
    assert "Unit live-tasks-settled better=lower\n" in EXPORTS["go"](document)


def test_benchstat_takes_it(document, tmp_path):
    file = tmp_path / "arms.txt"
    file.write_text(EXPORTS["go"](document), encoding="utf-8")
    command = [go_tool("benchstat", BENCHSTAT), "-col", "/build", file]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"100\.0m ± 0% +150\.0m ± 0% +\+50\.00% \(p=0\.000 n=10\)", result.stdout)
    assert re.search(r"95\.37Mi ± 0% +143\.05Mi ± 0%", result.stdout)


def test_github_action_benchmark_gets_the_heads_medians_under_names_of_their_own(document):
    found = json.loads(EXPORTS["github-action-benchmark"](document))
    by_name = {entry["name"]: entry for entry in found}
    assert len(by_name) == len(found)
    memory = by_name[f"synthetic/with-context/{MEMORY}"]
    assert (memory["unit"], memory["value"], memory["range"]) == ("bytes", 150_000_004.5, "± 4.5")
    assert "150000009" in memory["extra"]
    assert not any("throughput" in name for name in by_name)
    for entry in found:
        assert set(entry) == {"name", "unit", "value", "range", "extra"}
        assert isinstance(entry["value"], (int, float))
        assert all(isinstance(entry[name], str) and entry[name] for name in set(entry) - {"value"})
        # What it takes a range apart with, to write it in another unit.
        prefix, number = re.fullmatch(r"((?:\+-|±)\s*)(\d.*)", entry["range"]).groups()
        assert prefix == "± " and float(number) >= 0


def test_bencher_gets_the_heads_medians_with_their_intervals(document):
    found = json.loads(EXPORTS["bencher"](document))
    assert list(found) == ["synthetic/with-context"]
    assert found["synthetic/with-context"]["memory-peak-bytes"] == {
        "value": 150_000_004.5, "lower_value": HEAD[1], "upper_value": HEAD[8],
    }  # fmt: skip
    for name, metric in found["synthetic/with-context"].items():
        # A slug; what is none becomes the name of another measure.
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and len(name) <= 64
        assert metric["lower_value"] <= metric["value"] <= metric["upper_value"]


@pytest.mark.parametrize("gone", ["base and head", "head", "one repetition"])
def test_what_was_not_measured_is_left_out_of_the_histories(gone):
    """Of null, github-action-benchmark makes 0, and Bencher refuses the whole file."""
    base = [None] * 10 if gone == "base and head" else BASE
    head = [None, *HEAD[1:]] if gone == "one repetition" else [None] * 10
    document = compare_within(run_of(builds(**{MEMORY: (base, head), MEAN: (BASE, HEAD)})), POLICY)
    texts = {name: EXPORTS[name](document) for name in ("github-action-benchmark", "bencher")}
    for text in texts.values():
        assert not re.search(r"\b(null|None|NaN)\b", text)
        assert bool(re.search("memory.peak.bytes", text)) == (gone == "one repetition")
        assert re.search("response.time.mean.ns", text)


def test_bencher_gets_no_interval_from_too_few_repetitions():
    document = compare_within(run_of(builds(**{MEMORY: (BASE[:5], HEAD[:5])})), POLICY)
    found = json.loads(EXPORTS["bencher"](document))["synthetic/with-context"]
    assert found["memory-peak-bytes"] == {"value": HEAD[2]}


def test_arms_of_two_runs_are_told_apart():
    base = run_of({"with-context": {MEAN: BASE}}, "made-up-1")
    head = run_of({"with-context": {MEAN: HEAD}}, "made-up-2")
    document = compare_between(base, head, POLICY)
    names = {entry["run_name"] for entry in entries(document)}
    assert names == {"synthetic/with-context@base", "synthetic/with-context@head"}
    assert "variant=with-context/build=head-2" in EXPORTS["go"](document)


def test_plain_variants_have_no_build():
    values = {"without-context": {MEAN: BASE}, "with-context": {MEAN: HEAD}}
    document = compare_within(run_of(values), POLICY, ["without-context", "with-context"])
    text = EXPORTS["go"](document)
    assert "BenchmarkSynthetic/variant=without-context-2 1 " in text
    assert list(json.loads(EXPORTS["bencher"](document))) == ["synthetic/with-context"]
