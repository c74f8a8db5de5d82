"""`leakbench load` by a schedule, with clients that leave, on either engine; and what it writes."""

import csv
import json
import math
import os
import signal
import time

import pytest
from conftest import one_line_error
from load_reports import outcomes_of, report_of


def percentile(values, percent):
    """The smallest value that so many percent are no larger than."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


@pytest.mark.parametrize("engine", ["epoll", "io_uring"])
def test_both_engines_serve_the_same_load(leakbench, target, engine):
    words = ("--connections", 50, "--requests", 5000, "--engine", engine, "--json")
    finished = leakbench("load", target.url, *words)
    if finished.code == 8 and "io_uring" in finished.err:
        pytest.skip(finished.err)
    report = report_of(finished)
    assert outcomes_of(report) == {"ok": 5000}
    assert report["generator"]["engine"] == engine


def test_a_schedule_keeps_its_rate_whatever_the_model(leakbench, target):
    words = ("--connections", 10, "--duration", "500ms", "--json")
    for model, rates, due in (
        ("constant", "400", 200),
        ("ramp", "0,800", 200),
        ("stairs", "200,600", 200),
    ):
        report = report_of(
            leakbench("load", target.url, *words, "--model", model, "--rate", rates)
        )
        assert report["model"] == model
        assert report["schedule"]["rates_rps"] == [float(rate) for rate in rates.split(",")]
        assert report["schedule"]["due"] == report["requests"]["sent"] == due
        assert report["sees_coordinated_omission"] is True
        assert report["response_time_ns"]["mean"] >= report["service_time_ns"]["mean"]


def test_a_seed_gives_the_same_load_again(leakbench, target, tmp_path):
    def offsets(seed, name):
        words = ("--rate", 2000, "--model", "poisson", "--duration", "200ms", "--seed", seed)
        log = tmp_path / name
        words += ("--abort", "30%@half-sent", "--request-log", log, "--json")
        report = report_of(leakbench("load", target.url, *words))
        assert report["seed"] == seed
        assert report["aborts"] == ["30%@half-sent:fin"]
        rows = list(csv.DictReader(log.open()))
        assert len(rows) == report["requests"]["sent"]
        return sorted((int(row["number"]), row["due_ns"], row["outcome"]) for row in rows)

    first = offsets(5, "a.csv")
    assert offsets(5, "b.csv") == first
    assert offsets(6, "c.csv") != first
    assert {outcome for _, _, outcome in first} == {"ok", "aborted_by_plan"}


def test_aborts_are_load_and_no_errors(leakbench, target):
    words = ("--connections", 10, "--requests", 400, "--abort", "20%@0s:rst")
    words += ("--abort", "5%@half-sent", "--fail-if", "errors>0", "--json")
    finished = leakbench("load", target.url, *words)
    assert finished.code == 0, finished.err
    outcomes = outcomes_of(report_of(finished))
    assert outcomes["aborted_by_plan"] > 10
    assert set(outcomes) == {"ok", "aborted_by_plan"}


def test_the_percentiles_are_those_of_the_raw_log(leakbench, target, tmp_path):
    words = ("--connections", 20, "--rate", 5000, "--duration", "1s", "--threads", 2)
    words += ("--request-log", tmp_path / "log.csv", "--json")
    report = report_of(leakbench("load", target.url, *words))
    rows = [row for row in csv.DictReader((tmp_path / "log.csv").open()) if row["outcome"] == "ok"]
    assert len(rows) == report["requests"]["ok"]
    for name, start in (("response_time_ns", "due_ns"), ("service_time_ns", "sent_ns")):
        times = [int(row["ended_ns"]) - int(row[start]) for row in rows]
        found = report[name]
        assert found["max"] == max(times)
        assert found["mean"] == pytest.approx(sum(times) / len(times), abs=1)
        for key, percent in (("p50", 50), ("p90", 90), ("p99", 99)):
            # The histogram's precision is 2^-11 of the value, upwards.
            assert 0 <= found[key] - percentile(times, percent) <= found[key] / 2048 + 1


def test_a_server_that_stands_still_is_seen_in_the_response_times(start, target):
    words = ("--connections", 20, "--rate", 500, "--duration", "2s", "--json", "--quiet")
    process = start("load", target.url, *words)
    time.sleep(0.7)  # anywhere in the load
    os.kill(target.pid, signal.SIGSTOP)
    stopped = time.monotonic()
    time.sleep(0.5)
    os.kill(target.pid, signal.SIGCONT)
    stood_still = time.monotonic() - stopped
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    report = json.loads(out)
    assert report["requests"]["ok"] == report["schedule"]["due"] == 1000
    # Of all that were due, 1 % waited for the stop but for 1 % of the two seconds.
    expected = (stood_still - 0.02) * 1e9
    assert report["response_time_ns"]["p99"] >= 0.9 * expected
    assert report["response_time_ns"]["mean"] > 2 * report["service_time_ns"]["mean"]


def test_the_series_has_an_object_for_each_interval(leakbench, target, tmp_path):
    words = ("--rate", 1000, "--duration", "500ms", "--interval", "100ms")
    report = report_of(
        leakbench("load", target.url, *words, "--series", tmp_path / "s.ndjson", "--json")
    )
    lines = [json.loads(line) for line in (tmp_path / "s.ndjson").read_text().splitlines()]
    assert len(lines) >= 5
    assert sum(line["requests"]["ok"] for line in lines) == report["requests"]["ok"] == 500


def test_percentiles_are_written_for_histogram_tools(leakbench, target, tmp_path):
    words = ("--requests", 500, "--connections", 5, "--hgrm", tmp_path / "times.hgrm")
    assert leakbench("load", target.url, *words).code == 0
    text = (tmp_path / "times.hgrm").read_text()
    assert text.splitlines()[0].split() == ["Value", "Percentile", "TotalCount", "1/(1-Percentile)"]
    assert "#[Max" in text


@pytest.mark.parametrize(
    "words, part",
    [
        (("--model", "poisson"), "--model poisson needs a --rate, such as --rate 1000"),
        (("--model", "closed", "--rate", 5), "--rate is for a schedule, and --model closed has"),
        (("--rate", "1,2"), "constant"),
        (("--rate", "fast"), "--rate"),
        (("--rate", "-1"), "--rate"),
        (("--rate", "0"), "rate"),
        (("--model", "ramp", "--rate", "1,2", "--requests", 5), "--model ramp needs a --duration"),
        (("--abort", "150%@1s"), "150%"),
        (("--abort", "soon"), "soon"),
        (("--seed", "x"), "--seed"),
        (("--threads", 0), "--threads"),
        (("--engine", "kqueue"), "--engine"),
        (("--connect-rate", 0), "--connect-rate"),
        (("--request-log", "/nowhere/log.csv", "--requests", 100), "/nowhere/log.csv"),
    ],
)
def test_what_cannot_be_is_refused_on_one_line(leakbench, target, words, part):
    finished = leakbench("load", target.url, *words)
    assert finished.code == 2
    assert part in one_line_error(finished)
