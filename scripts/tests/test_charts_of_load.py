"""What the charts of response times, CPU and pauses show of each sample, beat and round."""

import json
import math
from types import SimpleNamespace

import pytest
from synthetic import make_run, write_json

from leakbench_report.charts import NothingToDraw, cpu, pause, response_time_over_time, style
from leakbench_report.charts.percentiles import middle_of
from leakbench_report.charts.phases import load_range
from leakbench_report.charts.timeline import Line
from leakbench_report.run_folder import read_run

STEP = 50_000_000


def repetition_of(column, values, percent=None):
    """A repetition whose load begins at 0, with these values of a column of its samples."""
    phases = [{"name": "load", "round": 1, "start_ns": 0, "end_ns": STEP * len(values)}]
    samples = [{"t_ns": STEP * index, column: value} for index, value in enumerate(values)]
    report = {
        "phases": phases,
        "metrics": {"cpu_percent": percent},
        "load": {"generator": {"cpu_ns": None}},
    }
    return SimpleNamespace(report=report, samples=samples)


def change_reports(folder, change):
    for path in sorted((folder / "reps").iterdir()):
        report = json.loads(path.read_text(encoding="utf-8"))
        change(report)
        write_json(path, report)


def texts_of(figure):
    axes = [text.get_text() for each in figure.axes for text in each.texts]
    return axes + [text.get_text() for text in figure.texts]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    style.apply()
    return read_run(make_run(tmp_path_factory.mktemp("load") / "run", blocks=3, rounds=2))


@pytest.mark.parametrize("column", ["cpu_ns", "generator_cpu_ns"])
def test_cores_used_are_cpu_time_over_wall_time(column):
    line = cpu.cores_used(repetition_of(column, [0, 1, 100_000_000, 2, 150_000_000]), column)
    assert line.xs == [0.1, 0.2]
    assert line.ys == [1.0, 0.5]


def test_cpu_time_that_goes_back_or_is_missing_is_a_gap():
    line = cpu.cores_used(repetition_of("cpu_ns", [100_000_000, 1, 0, 1, None, 1, 5]), "cpu_ns")
    assert len(line.xs) == 3
    assert all(math.isnan(y) for y in line.ys)


def test_the_generators_cores_are_of_the_load_alone(run):
    repetition = run.repetitions[0]
    loads = [each for each in repetition.report["phases"] if each["name"] == "load"]
    length = sum(each["end_ns"] - each["start_ns"] for each in loads)
    assert len(loads) == 2
    assert cpu.generator_cores(repetition) == pytest.approx(1e9 / length)
    assert cpu.generator_cores(repetition_of("cpu_ns", [0, 1])) is None
    assert cpu.server_cores(repetition_of("cpu_ns", [0, 1], percent=150)) == 1.5


@pytest.mark.parametrize("length, known", [(49_999_999, False), (50_000_000, True)])
def test_a_load_of_milliseconds_has_no_mean_of_cores(length, known):
    repetition = repetition_of("cpu_ns", [0, 1], percent=97)
    repetition.report["load"]["generator"]["cpu_ns"] = 60_000_000
    repetition.report["phases"][0]["end_ns"] = length
    assert (cpu.server_cores(repetition) is not None) == known
    assert (cpu.generator_cores(repetition) is not None) == known


def test_the_chart_of_a_short_load_says_why_it_has_no_figure(run, tmp_path):
    def shorten(report):
        for phase in report["phases"]:
            if phase["name"] == "load":
                phase["end_ns"] = phase["start_ns"] + 3_600_000

    assert cpu.TOO_SHORT not in cpu.draw_cpu(run, style.PAGE).how_to_read
    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, shorten)
    chart = cpu.draw_cpu(read_run(folder), style.PAGE)
    assert cpu.TOO_SHORT in chart.how_to_read
    assert "server n/a and generator n/a under load" in chart.sentence
    found = texts_of(chart.figure)
    assert any("server n/a" in text for text in found)
    assert any("generator n/a" in text for text in found)


def test_cores_of_server_and_generator_that_differ_have_a_line_each(tmp_path):
    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, lambda report: report["target"].update(generator_cores=[1, 2]))
    found = texts_of(cpu.draw_cpu(read_run(folder), style.PAGE).figure)
    assert {"server bound to 1 core", "generator bound to 2 cores"} <= set(found)


def test_what_is_not_bound_has_no_limit(tmp_path):
    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, lambda report: report["target"].update(cores=[], generator_cores=[]))
    found = texts_of(cpu.draw_cpu(read_run(folder), style.PAGE).figure)
    assert not any("bound" in text for text in found)


def test_only_the_load_has_a_place_in_the_course_of_response_times(run):
    begin, end = load_range(run.repetitions)
    latest = max(
        phase["end_ns"] - repetition.report["phases"][2]["start_ns"]
        for repetition in run.repetitions
        for phase in repetition.report["phases"]
        if phase["name"] == "load"
    )
    assert (begin, end) == (0, pytest.approx(latest / 1e9))
    chart = response_time_over_time.draw_response_time_over_time(run, style.PAGE)
    assert {axes.get_xlim() for axes in chart.figure.axes} == {(begin, end)}


def test_the_last_answers_are_shown_where_the_sample_came_after_the_load():
    columns = [each.column for each in response_time_over_time.ALL]
    repetition = repetition_of(columns[-1], [1_000_000, 2_000_000, 3_000_000, None])
    repetition.report["phases"][0]["end_ns"] = STEP
    for sample in repetition.samples:
        sample.update(dict.fromkeys(columns[:-1]))
    run = SimpleNamespace(repetitions=[repetition])
    assert response_time_over_time.limits_of(run) == (0, 0.1)


@pytest.mark.parametrize(
    "requests, panels, said",
    [
        (20_000, 2, "p99: 1,000"),
        (400, 2, "a p99 needs 1,000"),
        (60, 1, "a p50 needs 20"),
    ],
)
def test_what_too_few_answers_cannot_show_is_left_out_and_said(tmp_path, requests, panels, said):
    run = read_run(make_run(tmp_path / "run", blocks=1, requests=requests))
    for medium in (style.PAGE, style.PHONE):
        chart = response_time_over_time.draw_response_time_over_time(run, medium)
        assert len(chart.figure.axes) == 1 + panels  # the strip of the phases
        assert said in chart.how_to_read
    columns = [name for name, _ in chart.table.columns]
    assert any(name.endswith("p99") for name in columns) == (requests == 20_000)
    assert any(name.endswith("p50") for name in columns) == (requests >= 400)
    assert "with-context longest" in columns


def test_an_arm_of_too_few_answers_says_so_beside_one_that_has_them(tmp_path):
    folder = make_run(tmp_path / "run", blocks=1)
    path = folder / "samples" / "002_with-context.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    place = rows[0].index("response_time_p99_ns")
    for row in rows[1:]:
        row[place] = ""
    path.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    chart = response_time_over_time.draw_response_time_over_time(read_run(folder), style.PAGE)
    assert "with-context\np99 too few answers" in texts_of(chart.figure)
    assert "p99 of too few answers" in chart.sentence


def test_the_longest_of_a_short_load_is_placed_in_milliseconds():
    line = Line(None, [0.0016, 0.0036], [163.0, 3.0])
    sentence = response_time_over_time.describe("a", {("a", response_time_over_time.LONGEST): line})
    assert sentence == "longest 163 ms, answered by 1.6 ms after the first request"


def test_the_name_of_a_line_that_ends_lower_says_up_to_what_it_goes(run):
    chart = response_time_over_time.draw_response_time_over_time(run, style.PAGE)
    names = [text.split("\n") for text in texts_of(chart.figure) if "\nlongest" in text]
    assert len(names) == 2
    for arm, figure in names:
        highest = figure.removeprefix("longest up to ")
        assert f"{arm}: " in chart.sentence and f"longest {highest}, answered by" in chart.sentence


def test_the_table_has_the_highest_of_each_stretch_and_no_stretch_without_answers():
    line = Line(None, [0.1, 0.2, 0.3, 0.4, 0.45], [1.0, 9.0, math.nan, math.nan, 2.0])
    found = response_time_over_time.highest_in({"a": line}, 0.2)
    assert found == {1: {"a": 9.0}, 3: {"a": 2.0}}


@pytest.mark.parametrize("rounds", [1, 5])
def test_the_table_is_short_however_many_rounds_there_are(tmp_path, rounds):
    run = read_run(make_run(tmp_path / "run", blocks=1, rounds=rounds))
    chart = response_time_over_time.draw_response_time_over_time(run, style.PAGE)
    assert 6 <= len(chart.table.rows) <= 16
    for place, (name, _) in enumerate(chart.table.columns[1:], start=1):
        highest = max(row[place] for row in chart.table.rows if row[place] is not None)
        said = next(part for part in chart.sentence.split("; ") if part.startswith(name.split()[0]))
        assert response_time_over_time.in_words(highest) in said


def test_a_response_time_of_zero_has_no_place_on_the_axis():
    line = response_time_over_time.line_of(
        repetition_of("response_time_max_ns", [0, None, 5_000_000]), response_time_over_time.LONGEST
    )
    assert line.measured() == [5.0]


def test_samples_without_response_times_are_named(tmp_path):
    columns = tuple(each.column for each in response_time_over_time.ALL)
    run = read_run(make_run(tmp_path / "run", blocks=1, unmeasured=columns))
    with pytest.raises(NothingToDraw, match="samples of the response time"):
        response_time_over_time.draw_response_time_over_time(run, style.PAGE)


def test_a_curve_of_a_repetition_is_the_median_over_its_rounds():
    curves = [{50: 1.0, 90: 3.0, 99: 8.0}, {50: 2.0, 90: 5.0}, {50: 6.0, 90: 4.0}]
    assert middle_of(curves) == {50: 2.0, 90: 4.0}
    assert middle_of([]) == {}


def rounds_of(*p99s):
    """A repetition with a heartbeat in the scheduler whose rounds had these percentiles."""
    rounds = [
        {"pauses": {"scheduler": {"p50_ns": 1000, "p99_ns": p99, "max_ns": p99}}} if p99 else {}
        for p99 in p99s
    ]
    return SimpleNamespace(report={"rounds": rounds})


def test_a_heartbeat_of_an_older_version_has_two_points():
    found = pause.curve_of_beat(rounds_of(4_000_000, None, 2_000_000, 9_000_000), "scheduler")
    assert found == {50: 0.001, 99: 4.0}
    assert pause.curve_of_beat(rounds_of(None), "scheduler") == {}


def test_a_run_of_an_older_version_says_that_its_curves_have_two_points(tmp_path):
    def shorten(report):
        for entry in report["rounds"]:
            for beat in filter(None, entry["pauses"].values()):
                del beat["percentiles"]

    folder = make_run(tmp_path / "run", blocks=1)
    assert "older" not in pause.draw_pause(read_run(folder), style.PAGE).how_to_read
    change_reports(folder, shorten)
    chart = pause.draw_pause(read_run(folder), style.PAGE)
    assert "Files of older versions have two percentiles" in chart.how_to_read
    assert [row[0] for row in chart.table.rows] == [50, 99]


def test_the_pause_is_drawn_without_an_idle_process_and_not_without_a_scheduler(tmp_path):
    def silence(name):
        def change(report):
            for entry in report["rounds"]:
                entry["pauses"][name] = None

        return change

    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, silence("idle_process"))
    chart = pause.draw_pause(read_run(folder), style.PAGE)
    assert not any("idle" in name for name, _ in chart.table.columns)
    assert "900 us in a thread of it)" in chart.sentence
    change_reports(folder, silence("scheduler"))
    with pytest.raises(NothingToDraw, match="heartbeat in the server's scheduler"):
        pause.draw_pause(read_run(folder), style.PAGE)


def test_too_few_beats_for_a_percentile_are_named(tmp_path):
    def shorten(report):
        for entry in report["rounds"]:
            entry["pauses"]["scheduler"]["percentiles"] = []

    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, shorten)
    with pytest.raises(NothingToDraw, match="long enough"):
        pause.draw_pause(read_run(folder), style.PAGE)


def test_a_run_from_before_heartbeats_were_kept_has_no_pause_to_draw(tmp_path):
    folder = make_run(tmp_path / "run", blocks=1)
    change_reports(folder, lambda report: [entry.pop("pauses") for entry in report["rounds"]])
    with pytest.raises(NothingToDraw, match="heartbeat"):
        pause.draw_pause(read_run(folder), style.PAGE)
