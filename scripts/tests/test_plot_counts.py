"""Lines of what a server counts itself, of which only some samples have a figure."""

import csv
import math
from types import SimpleNamespace

import pytest
from synthetic import make_run

from leakbench_report.charts import live_tasks, memory, style, suite, timeline
from leakbench_report.run_folder import read_run

STEP = 50_000_000
COUNTED = ("live_tasks", "heap_in_use_bytes")


def repetition_of(values):
    """A repetition whose load begins at 0, with these live tasks in its samples."""
    phases = [{"name": "load", "round": 1, "start_ns": 0, "end_ns": STEP * len(values)}]
    samples = [{"t_ns": STEP * index, "live_tasks": value} for index, value in enumerate(values)]
    return SimpleNamespace(report={"phases": phases}, samples=samples)


def blank(folder, keep):
    """Takes the counts out of all samples but those whose number `keep` is true of."""
    for path in (folder / "samples").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for number, row in enumerate(rows):
            if not keep(number):
                row.update(dict.fromkeys(COUNTED, ""))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def seldom(tmp_path):
    """A run in which every sixth sample has counts."""
    style.apply()
    folder = make_run(tmp_path / "run", blocks=1)
    blank(folder, lambda number: number % 6 == 0)
    return read_run(folder)


def drawn(figure, **look):
    """The lines with this look and more than one point, of all axes."""
    return [
        line
        for axes in figure.axes
        for line in axes.lines
        if len(line.get_xdata()) > 1 and all(getattr(line, f"get_{k}")() == look[k] for k in look)
    ]


def seconds_seen(line):
    """How long the stretches of a line are together, in seconds."""
    points = list(line.get_xydata())
    known = [(a[0], b[0]) for a, b in zip(points, points[1:]) if not math.isnan(a[1] + b[1])]
    return sum(end - begin for begin, end in known)


def test_live_tasks_that_are_counted_seldom_are_a_line(seldom):
    chart = live_tasks.draw_live_tasks(seldom, style.PAGE)
    for arm in seldom.arms():
        [line] = drawn(chart.figure, color=style.LOOKS[arm].color)
        # All of load, drain and settle: 8.4 s or more, but for the samples at the ends.
        assert seconds_seen(line) > 8
    assert timeline.SELDOM in chart.how_to_read


def test_heap_in_use_that_is_counted_seldom_is_a_line(seldom):
    chart = memory.draw_memory(seldom, style.PAGE)
    for arm in seldom.arms():
        lines = drawn(chart.figure, color=style.LOOKS[arm].color)
        assert len(lines) == 2 and all(seconds_seen(line) > 8 for line in lines)
    assert timeline.SELDOM in chart.how_to_read
    assert not any("n/a" in row for row in chart.table.texts())


def test_the_overview_of_runs_has_a_line_of_seldom_counts(seldom):
    chart = suite.draw_suite([seldom, seldom], style.PAGE)
    lines = drawn(chart.figure)
    assert len(lines) == 4 and all(seconds_seen(line) > 8 for line in lines)


def test_counts_in_every_sample_need_no_explanation(tmp_path):
    run = read_run(make_run(tmp_path / "run", blocks=1))
    for draw in (live_tasks.draw_live_tasks, memory.draw_memory):
        assert timeline.SELDOM not in draw(run, style.PAGE).how_to_read


def test_a_long_time_without_a_count_breaks_the_line():
    values = [0, *[None] * 39, 1, *[None] * 40, 2]  # 2 s, and then 2.05 s
    line = timeline.counted_line(repetition_of(values), "live_tasks", 1)
    assert line.xs == pytest.approx([0, 2, 4, 4.05])
    assert [math.isnan(y) for y in line.ys] == [False, False, True, False]
    assert line.at(3.9) == 1
    assert line.at(4.01) is None


def test_a_long_time_between_samples_breaks_the_line_and_is_explained():
    repetition = repetition_of([1, 2, 3])
    repetition.samples[2]["t_ns"] = 2_100_000_000
    assert len(timeline.counted_line(repetition, "live_tasks", 1).xs) == 4
    assert timeline.seldom_counted(SimpleNamespace(repetitions=[repetition]), "live_tasks")
    repetition.samples[2]["t_ns"] = 2_000_000_000
    assert not timeline.seldom_counted(SimpleNamespace(repetitions=[repetition]), "live_tasks")


def test_a_count_that_stands_alone_has_a_marker(tmp_path):
    style.apply()
    folder = make_run(tmp_path / "run", blocks=1)
    blank(folder, lambda number: number % 50 == 0)  # 2.5 s from one to the next
    chart = memory.draw_memory(read_run(folder), style.PAGE)
    for arm, look in style.LOOKS.items():
        [marks] = [
            line for line in drawn(chart.figure, color=look.color) if line.get_marker() == look.marker
        ]
        assert len(marks.get_xdata()) >= 3, arm
        assert marks.get_linestyle() == "None"


def test_counts_at_the_last_response_and_the_end_are_in_the_line(tmp_path):
    folder = make_run(tmp_path / "run", blocks=1)
    whole = live_tasks.live_tasks_line(read_run(folder).repetitions[0])
    blank(folder, lambda number: number == 100)  # 5 s after the start
    repetition = read_run(folder).repetitions[0]
    line = live_tasks.live_tasks_line(repetition, scale=2)
    load, settle = ([p for p in repetition.report["phases"] if p["name"] == name][0]
                    for name in ("load", "settle"))
    ends = [(each["end_ns"] - load["start_ns"]) / 1e9 for each in (load, settle)]
    known = [(x, y) for x, y in zip(line.xs, line.ys) if not math.isnan(y)]
    assert [known[0], known[-1]] == [(ends[0], 10_000), (ends[1], 0)]
    assert len(known) == 3
    # Where each sample has a count, the line is that of the samples alone.
    assert len(whole.xs) == len(timeline.samples_of(repetition)[0])


def test_points_between_gaps_are_alone():
    nan = math.nan
    assert timeline.lone_points([1, nan, 2, 3, nan, 4]) == [0, 5]
    assert timeline.lone_points([]) == []
    assert timeline.lone_points([nan, 1, nan]) == [1]
