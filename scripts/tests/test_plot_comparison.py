"""Charts of a comparison: what compare.py wrote, and why there is nothing where it wrote nothing."""

import json

import pytest
from compared_runs import with_comparison
from synthetic import make_run, write_json

from leakbench_report.charts import NothingToDraw, comparison, pairs, style
from leakbench_report.errors import ReportError
from leakbench_report.run_folder import read_run


SETTLED = "live_tasks_settled"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    style.apply()
    return with_comparison(make_run(tmp_path_factory.mktemp("compared") / "run", blocks=1))


@pytest.fixture
def document(compared):
    return json.loads((compared / "comparison.json").read_text(encoding="utf-8"))


def changed(run_folder, document):
    """The run of a test's own with this comparison."""
    write_json(run_folder / "comparison.json", document)
    return read_run(run_folder)


def metric(name, low, estimate, high, **other):
    change = {"low": low, "estimate": estimate, "high": high}
    return {
        "name": name, "scale": "relative", "change": change, "gate": True, "by_values": False,
        "better": "smaller", "fails": False, **other,
    }


def test_ratios_are_head_over_base():
    assert comparison.ratio_of(metric("m", -0.5, 0.1, 1.0)) == (0.5, 1.1, 2.0)
    low, _, high = comparison.ratio_of(metric("m", None, 0.1, None))
    assert (low, high) == (0, float("inf"))


def test_a_change_from_zero_has_no_ratio():
    assert comparison.ratio_of({**metric("m", 0, 5, 9), "scale": "absolute"}) is None
    assert comparison.ratio_of({**metric("m", 0, 0, 0), "change": None}) is None


INFINITE = float("inf")


@pytest.mark.parametrize(
    "change, other, drawn",
    [
        ((None, 4.5, None), {"by_values": True}, (5.5, 5.5, 5.5)),
        ((None, 0.0, None), {"by_values": True}, (1, 1, 1)),
        ((None, 4.5, None), {}, (0, 5.5, INFINITE)),
        ((None, 220, None), {"by_values": True, "scale": "absolute"}, (INFINITE,) * 3),
        ((None, -40, None), {"by_values": True, "scale": "absolute"}, (0, 0, 0)),
        ((0, 0, 0), {"by_values": True, "scale": "absolute"}, (1, 1, 1)),
        ((0, 0, 7), {"fails": True, "scale": "absolute"}, (INFINITE,) * 3),
        ((0, 0, 7), {"fails": True, "scale": "absolute", "better": "larger"}, (0, 0, 0)),
        ((0, 0, 0), {"scale": "absolute"}, None),
    ],
)
def test_exact_changes_are_points_and_those_from_zero_are_at_the_edge(change, other, drawn):
    assert comparison.drawn_ratio_of(metric("m", *change, **other)) == drawn


@pytest.mark.parametrize("way, marker", [(220, ">"), (-220, "<")])
def test_an_exact_change_from_zero_is_an_arrow_without_a_line(run_folder, document, way, marker):
    [settled] = [m for m in document["comparisons"][0]["metrics"] if m["name"] == SETTLED]
    settled.update(
        by_values=True, scale="absolute", fails=way > 0, limit={"down": 0, "up": 0},
        change={"estimate": way, "low": None, "high": None},
    )
    chart = comparison.draw_forest(changed(run_folder, document), style.PAGE)
    [axes] = chart.figure.axes
    [arrow] = [line for line in axes.lines if line.get_marker() == marker]
    [place] = arrow.get_ydata()
    assert arrow.get_xdata()[0] == axes.get_xlim()[way > 0]
    lines = [piece for each in axes.collections for piece in segments_of(each)]
    assert lines and not any((piece[:, 1] == place).all() for piece in lines)
    assert comparison.EXACT_HOW in chart.how_to_read


def segments_of(collection):
    return collection.get_segments() if hasattr(collection, "get_segments") else []


def test_half_the_width_of_an_interval_is_what_could_be_seen():
    assert comparison.half_width(metric("m", -0.04, 0.01, 0.06)) == pytest.approx(5)
    assert comparison.half_width(metric("m", None, 0.01, 0.06)) is None
    assert comparison.half_width(metric("m", -0.04, 0.01, None)) is None


def test_the_axis_shows_both_directions_alike_and_1_among_its_ticks(compared):
    [axes] = comparison.draw_forest(read_run(compared), style.PAGE).figure.axes
    left, right = axes.get_xlim()
    assert left * right == pytest.approx(1)
    ticks = list(axes.xaxis.get_major_locator().locs)
    assert 1 in ticks and len(ticks) >= 3
    assert all(left <= tick <= right for tick in ticks)


def test_every_metric_of_the_comparison_stands_in_the_table(compared, document):
    chart = comparison.draw_forest(read_run(compared), style.PAGE)
    wanted = [m["name"] for m in document["comparisons"][0]["metrics"]]
    assert [row[1] for row in chart.table.rows] == wanted
    assert "REGRESSION 1" in chart.sentence
    row = next(row for row in chart.table.rows if row[1] == "memory_peak_bytes")
    assert row[-1] == "REGRESSION"


def test_differences_within_pairs_are_percent_of_the_base(compared, document):
    lines = pairs.lines_of(document["comparisons"])
    found = lines["with-context", "memory_peak_bytes"]
    values = next(
        m for m in document["comparisons"][0]["metrics"] if m["name"] == "memory_peak_bytes"
    )
    wanted = [
        (head / base - 1) * 100
        for base, head in zip(values["base"]["values"], values["head"]["values"])
    ]
    assert found == pytest.approx(wanted)


def test_a_pair_with_a_base_of_zero_or_a_missing_side_has_no_difference():
    assert pairs.percent(0, 5) is None
    assert pairs.percent(None, 5) is None
    assert pairs.percent(5, None) is None
    assert pairs.percent(4, 5) == 25


def test_without_a_comparison_the_reason_names_the_command(run_folder):
    for draw in (comparison.draw_forest, comparison.draw_noise_floor, pairs.draw_pairs):
        with pytest.raises(NothingToDraw, match="compare.py RUN --json"):
            draw(read_run(run_folder), style.PAGE)


def test_without_a_control_there_is_no_noise_floor(run_folder, document):
    run = changed(run_folder, {**document, "control": []})
    with pytest.raises(NothingToDraw, match="no control"):
        comparison.draw_noise_floor(run, style.PAGE)


def test_two_runs_have_no_pairs(run_folder, document):
    document["comparisons"][0]["blocks"] = None
    with pytest.raises(NothingToDraw, match="not paired"):
        pairs.draw_pairs(changed(run_folder, document), style.PAGE)


def test_a_base_of_zero_everywhere_leaves_nothing_to_draw(run_folder, document):
    for entry in document["comparisons"][0]["metrics"]:
        entry["base"]["values"] = [0] * len(entry["base"]["values"])
        entry.update(scale=None, change=None, limit=None, by_values=False)
    run = changed(run_folder, document)
    with pytest.raises(NothingToDraw, match="base other than 0"):
        pairs.draw_pairs(run, style.PAGE)
    with pytest.raises(NothingToDraw, match="ratio"):
        comparison.draw_forest(run, style.PAGE)


def test_a_comparison_of_other_runs_is_refused(run_folder, document):
    for side in ("base_run", "head_run"):
        document[side]["id"] = "another"
    with pytest.raises(ReportError, match="compares another, not synthetic-.*write it anew"):
        changed(run_folder, document)


@pytest.mark.parametrize(
    "change, code, words",
    [
        (lambda text: text[: len(text) // 2], 2, "truncated"),
        (lambda text: text.replace('"schema_version": "1', '"schema_version": "2'), 7, "version 2."),
        (lambda text: text.replace('"paired"', '"married"'), 2, "comparison.schema.json"),
    ],
)
def test_a_broken_comparison_is_named(call, refused, run_folder, compared, change, code, words):
    text = (compared / "comparison.json").read_text(encoding="utf-8")
    (run_folder / "comparison.json").write_text(change(text), encoding="utf-8")
    refused(call("plot.py", run_folder), code, "comparison.json", words)
