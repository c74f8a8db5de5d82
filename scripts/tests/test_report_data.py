"""The data behind each chart is what the run measured, and what its sentence says."""

import json
import math
import os
from pathlib import Path

import pytest
from compared_runs import with_comparison
from synthetic import make_run, write_json

from leakbench_report.charts import (
    NothingToDraw,
    drain_time,
    leak_sites,
    live_tasks,
    per_round,
    style,
)
from leakbench_report.charts.gallery import CHARTS
from leakbench_report.charts.suite import draw_suite
from leakbench_report.charts.thinning import thinned
from leakbench_report.charts.ticks import round_numbers
from leakbench_report.charts.timeline import Line, column_line, table_times
from leakbench_report.run_folder import read_run

# LEAKBENCH_UPDATE_GOLDEN=1 writes it anew; then read what changed in it.
GOLDEN = Path(__file__).parent / "golden" / "chart_data.json"


def change_rounds(folder, arm, change):
    """Calls `change` with number and metrics of every round of `arm`."""
    for path in sorted((folder / "reps").glob(f"*_{arm}.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        for entry in report["rounds"]:
            entry["metrics"] = dict(entry["metrics"])
            change(entry["round"], entry["metrics"])
        write_json(path, report)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A made-up run of three rounds in which the arm without a context leaves 300 tasks a round,
    with the comparison of two builds."""
    folder = make_run(tmp_path_factory.mktemp("data") / "run", blocks=3, rounds=3)
    with_comparison(folder)

    def leak(number, metrics):
        metrics["live_tasks_settled"] = 300 * number

    change_rounds(folder, "without-context", leak)
    style.apply()
    return read_run(folder)


@pytest.fixture(scope="module")
def charts(run):
    return {name: draw(run, style.PAGE) for name, draw in CHARTS.items()}


def rounded(value):
    return float(f"{value:.9g}") if isinstance(value, float) else value


def data_of(chart):
    return {
        "title": chart.title,
        "sentence": chart.sentence,
        "columns": [name for name, _ in chart.table.columns],
        "rows": [[rounded(value) for value in row] for row in chart.table.rows],
    }


def test_the_data_behind_each_chart_is_the_golden_one(charts):
    found = {name: data_of(chart) for name, chart in charts.items()}
    if "LEAKBENCH_UPDATE_GOLDEN" in os.environ:
        lines = json.dumps(found, indent=1, ensure_ascii=False)
        GOLDEN.write_text(lines + "\n", encoding="utf-8")
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert list(found) == list(golden)
    for name, data in found.items():
        assert data == golden[name], name


@pytest.mark.parametrize("name", CHARTS)
def test_a_phone_gets_the_same_data_as_a_page(run, charts, name):
    assert data_of(CHARTS[name](run, style.PHONE)) == data_of(charts[name])


def test_every_row_of_a_table_has_a_text_for_each_column(charts):
    for chart in charts.values():
        table = chart.table
        assert table.rows
        assert {len(texts) for texts in table.texts()} == {len(table.columns)}


def test_growth_is_said_with_what_the_repetitions_differ_by(tmp_path):
    folder = make_run(tmp_path / "run", blocks=2, rounds=2)
    steps = iter([100, 300])

    def grow(number, metrics):
        step = next(steps) if number == 1 else grow.step
        grow.step = step
        metrics["live_tasks_settled"] = step * number

    change_rounds(folder, "without-context", grow)
    chart = per_round.draw_tasks_per_round(read_run(folder), style.PAGE)
    wanted = "without-context: +200 a round (+100 to +300 over 2 repetitions)"
    assert chart.sentence == f"{wanted}; with-context: 0 a round"


def test_one_round_shows_no_growth(run_folder):
    with pytest.raises(NothingToDraw, match="one round"):
        per_round.draw_tasks_per_round(read_run(run_folder), style.PAGE)


def test_what_is_not_measured_in_any_round_is_not_drawn(tmp_path):
    run = read_run(make_run(tmp_path / "run", rounds=2, unmeasured=("live_tasks_settled",)))
    with pytest.raises(NothingToDraw, match="live_tasks_settled"):
        per_round.draw_tasks_per_round(run, style.PAGE)


def test_a_line_is_read_at_its_last_sample_and_not_outside():
    line = Line(None, [0.0, 1.0, 2.0], [5.0, math.nan, 7.0])
    assert [line.at(x) for x in (-0.1, 0, 0.9, 1.5, 2.05, 3)] == [None, 5, 5, None, 7, None]


@pytest.mark.parametrize("end, last, rows", [(7.4, 7, 15), (0.31, 0.3, 16), (150, 150, 16)])
def test_a_table_over_time_has_round_times_and_few_rows(end, last, rows):
    times = table_times(end)
    assert (times[0], times[-1]) == (0, last)
    assert len(times) <= rows


def test_thinning_keeps_peaks_gaps_and_ends():
    ys = [1.0] * 10_000
    ys[4321], ys[8765], ys[5000] = 99.0, -99.0, math.nan
    xs, thin = thinned(list(range(10_000)), ys, 1000)
    assert len(xs) <= 1002
    assert (xs[0], xs[-1]) == (0, 9999)
    assert (thin[xs.index(4321)], thin[xs.index(8765)]) == (99, -99)
    assert math.isnan(thin[xs.index(5000)])


def test_a_short_line_is_left_as_it_is():
    assert thinned([1, 2, 3], [4, 5, 6], 1000) == ([1, 2, 3], [4, 5, 6])


@pytest.mark.parametrize("low, high", [(0.8, 1.3), (1, 9), (3e5, 6e9), (81, 137)])
def test_round_numbers_are_few_and_never_none(low, high):
    found = round_numbers(low, high)
    assert 1 <= len(found) <= 10
    assert all(low <= number <= high for number in found)


def test_a_row_of_dots_says_how_many_values_are_missing():
    row = drain_time.Row("a", [1_000_000, None, 3_000_000], missing="not drained")
    assert row.text() == "2 ms (1 ms to 3 ms), not drained in 1"
    assert drain_time.Row("a", [None]).text() == "not measured"
    assert drain_time.Row("a", [5_000, 5_000]).text() == "5 us"


def test_a_drain_time_of_zero_has_a_place(run_folder):
    change_rounds(run_folder, "with-context", lambda _, metrics: metrics.update(drain_time_ns=0))
    chart = drain_time.draw_drain_time(read_run(run_folder), style.PHONE)
    assert chart.figure.axes[0].get_xscale() == "linear"
    assert "with-context: 0 ns" in chart.sentence


def texts_of(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.parametrize("rounds, place", [(1, ""), (2, " of round 1")])
def test_figures_name_their_arm_where_two_share_a_colour(tmp_path, rounds, place):
    run = read_run(make_run(tmp_path / "run", 1, rounds, runtimes=("", "go-")))
    arms = {"without-context": "20,000", "with-context": "12"}
    figures = [f"{runtime}{arm}: {count}" for runtime in ("", "go-") for arm, count in arms.items()]
    page = texts_of(live_tasks.draw_live_tasks(run, style.PAGE).figure)
    assert {f"{figure} at the last response{place}" for figure in figures} <= set(page)
    phone = texts_of(live_tasks.draw_live_tasks(run, style.PHONE).figure)
    assert {*figures, f"live tasks (figures: last response{place})"} <= set(phone)


def test_on_a_phone_figures_say_when_they_are_of_where_no_arm_must_be_named(run):
    phone = texts_of(live_tasks.draw_live_tasks(run, style.PHONE).figure)
    assert {"20,000 at the last response of round 1", "live tasks"} <= set(phone)


@pytest.mark.parametrize(
    "waits, counts, text",
    [
        ({"timer": 19_999, "runnable": 1}, {"live": 20_000}, "timer 19,999, runnable 1"),
        ({"mutex": 30}, {"live": 26, "settled": 25}, "mutex 30 (5 from before the load)"),
        ({"timer": 4}, {"live": 0, "settled": 4}, "timer 4"),
        ({}, {"live": 3}, ""),
    ],
)
def test_a_place_says_what_its_tasks_wait_for_and_which_are_not_counted(waits, counts, text):
    assert leak_sites.Site("a", {"waits": waits, **counts}).waits() == text


def test_samples_of_the_warm_up_are_not_shown(run):
    line = column_line(run.repetitions[0], "live_tasks", 1)
    connect = next(p for p in run.repetitions[0].report["phases"] if p["name"] == "connect")
    assert line.xs[0] == pytest.approx((connect["start_ns"] - connect["end_ns"]) / 1e9)


def test_the_overview_puts_all_runs_on_one_scale(run, run_folder):
    runs = [run, read_run(run_folder)]
    chart = draw_suite(runs, style.FILE)
    panels = chart.figure.axes
    assert len(panels) == 2
    assert panels[0].get_ylim() == panels[1].get_ylim()
    assert panels[0].get_ylim()[1] == pytest.approx(1.1)
    assert len(chart.table.rows) == 4
