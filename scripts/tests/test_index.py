"""scripts/index.py keeps a line for each run; plot.py draws the history from it."""

import json

import pytest
from leakbench_report.charts import NothingToDraw, history, style
from leakbench_report.index import entry_of, read_index
from leakbench_report.json_files import check
from leakbench_report.run_folder import read_run
from synthetic import make_run, write_json


@pytest.fixture(scope="module")
def entry(tmp_path_factory):
    style.apply()
    return entry_of(read_run(make_run(tmp_path_factory.mktemp("entry") / "run", blocks=2)))


def later(entry, number, factor=1.0, **fields):
    """The entry of another run of the same scenario."""
    found = json.loads(json.dumps({**entry, "run_id": f"run-{number}", **fields}))
    for arm in found["arms"]:
        for spread in arm["spreads"].values():
            for name, value in spread.items():
                spread[name] = value and value * factor
    return found


def write_index(path, entries):
    path.write_text("".join(json.dumps(each) + "\n" for each in entries), encoding="utf-8")
    return path


def test_a_run_is_one_line_with_the_spread_of_each_metric(call, run_folder, tmp_path):
    index = tmp_path / "deep" / "index.jsonl"
    result = call("index.py", run_folder, "--index", index)
    assert (result.returncode, result.stderr) == (0, "")
    [line] = index.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert check(found, "index-entry") == []
    summary = json.loads((run_folder / "summary.json").read_text(encoding="utf-8"))
    metric = summary["arms"][0]["metrics"]["memory_peak_bytes"]
    assert found["arms"][0]["spreads"]["memory_peak_bytes"] == {
        "median": metric["median"], "low": min(metric["values"]), "high": max(metric["values"]),
    }
    assert found["arms"][0]["spreads"]["gc_pause_total_ns"]["median"] is None


def test_a_run_is_listed_once(call, run_folder, tmp_path):
    index = tmp_path / "index.jsonl"
    call("index.py", run_folder, "--index", index)
    before = index.read_bytes()
    result = call("index.py", run_folder, "--index", index)
    assert result.returncode == 0
    assert "has synthetic-" in result.stderr
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    "status, words", [("interrupted", "is interrupted"), ("running", "never ended")]
)
def test_a_run_that_is_not_complete_is_not_added(
    call, refused, run_folder, tmp_path, status, words
):
    plan = json.loads((run_folder / "run.json").read_text(encoding="utf-8"))
    write_json(run_folder / "run.json", {**plan, "status": status})
    refused(call("index.py", run_folder, "--index", tmp_path / "i.jsonl"), 6, words)
    assert not (tmp_path / "i.jsonl").exists()


def test_an_edited_summary_is_not_added(call, refused, run_folder, tmp_path):
    summary = json.loads((run_folder / "summary.json").read_text(encoding="utf-8"))
    summary["arms"][0]["metrics"]["cpu_percent"]["median"] = 1
    write_json(run_folder / "summary.json", summary)
    refused(call("index.py", run_folder, "--index", tmp_path / "i.jsonl"), 2, "cpu_percent")


@pytest.mark.parametrize(
    "change, code, words",
    [
        (lambda text: text[:-10], 2, "ends within a line"),
        (lambda text: text + "\n", 2, "line 3 is empty"),
        (lambda text: text.replace('"run_id"', '"id"', 1), 2, "line 1"),
        (lambda text: text.replace('"schema_version": "1', '"schema_version": "2'), 7, "line 1"),
        (lambda text: text.replace("}", "", 1), 2, "line 1 is truncated or not JSON"),
    ],
)
def test_a_broken_index_is_named_with_its_line(call, refused, entry, tmp_path, change, code, words):
    index = write_index(tmp_path / "index.jsonl", [entry, later(entry, 2)])
    index.write_text(change(index.read_text(encoding="utf-8")), encoding="utf-8")
    refused(call("plot.py", index, "-o", tmp_path / "charts"), code, words)


def test_the_history_of_each_scenario_is_a_chart(call, entry, tmp_path):
    other = later(entry, 3, scenario="other")
    index = write_index(tmp_path / "index.jsonl", [entry, later(entry, 2, 1.5), other])
    result = call("plot.py", index, "-o", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    names = ("history_synthetic", "history_other")
    wanted = [f"{tmp_path}/{name}.{kind}" for name in names for kind in ("png", "svg")]
    assert result.stdout.split() == wanted


def test_an_index_needs_a_place_for_its_charts_and_stands_alone(call, refused, entry, tmp_path):
    index = write_index(tmp_path / "index.jsonl", [entry])
    refused(call("plot.py", index), 2, "-o DIR")
    refused(call("plot.py", index, index, "-o", tmp_path), 2, "alone")


def test_an_empty_index_holds_nothing_to_draw(call, refused, tmp_path):
    index = write_index(tmp_path / "index.jsonl", [])
    refused(call("plot.py", index, "-o", tmp_path), 6, "nothing to draw")
    assert read_index(index) == []


def test_a_line_breaks_where_machine_or_load_change(entry):
    other = {**entry["machine"], "cpu_model": "another"}
    runs = [entry, later(entry, 2), later(entry, 3, machine=other), later(entry, 4, machine=other)]
    points = history.values(runs, "memory_peak_bytes", "with-context")
    assert [len(part) for part in history.stretches(runs, points)] == [2, 2]
    load = {**entry["load"], "options": {"job-duration": "6s"}}
    runs = [entry, later(entry, 2, load=load)]
    points = history.values(runs, "memory_peak_bytes", "with-context")
    assert [len(part) for part in history.stretches(runs, points)] == [1, 1]


def test_the_sentence_goes_from_the_first_run_to_the_last(entry):
    commit = "0123456789abcdef0123456789abcdef01234567"
    runs = [entry, later(entry, 2, 2.0, git_commit=commit, git_dirty=True)]
    chart = history.draw_history(runs, "synthetic", style.PAGE)
    assert chart.sentence.startswith("2 runs; without-context live_tasks_after 20,000 to 40,000")
    assert [row[0] for row in chart.table.rows] == ["unknown"] * 2 + ["0123456+"] * 2
    assert len(chart.figure.axes) == len(history.METRICS)


def test_of_what_no_run_has_measured_there_is_no_history(entry):
    with pytest.raises(NothingToDraw, match="no figures of another"):
        history.draw_history([entry], "another", style.PAGE)


@pytest.mark.parametrize(
    "metric, most, unit",
    [
        ("memory_peak_bytes", 5, "MiB"), ("response_time_p99_ns", 2e8, "ms"),
        ("cpu_ns_per_request", 9e4, "us"), ("cpu_ns_per_request", 0, "ns"),
        ("live_tasks_after", 5, "tasks"),
    ],
)
def test_values_are_drawn_in_a_unit_that_suits_them(metric, most, unit):
    assert history.unit_of(metric, most)[0] == unit


def test_help_teaches(call):
    result = call("index.py", "--help", interpreter=("python3",))
    assert result.returncode == 0
    for part in ("examples:", "exit codes:", "--index"):
        assert part in result.stdout
