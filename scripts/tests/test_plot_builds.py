"""Charts of a run of base, head and control: every arm can be told from the others."""

import pytest
from synthetic import make_run

from leakbench_report.charts import style
from leakbench_report.charts.gallery import CHARTS
from leakbench_report.run_folder import read_run

BUILDS = ("@base", "@head", "@control")
WITH_NAMES = (
    "live_tasks", "memory", "response_time", "response_time_over_time", "cpu", "pause",
    "tasks_per_round", "memory_per_round",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two rounds of both variants in three builds."""
    style.apply()
    folder = tmp_path_factory.mktemp("builds") / "run"
    return read_run(make_run(folder, blocks=1, rounds=2, builds=BUILDS))


def names_beside(axes):
    """The names of lines beside the axes, as boxes in pixels."""
    renderer = axes.figure.canvas.get_renderer()
    return [
        text.get_window_extent(renderer)
        for text in axes.texts
        if getattr(text, "xy", (0, 0))[0] == 1 and text.get_ha() == "left" and "\n" in text.get_text()
    ]


@pytest.mark.parametrize("name", WITH_NAMES)
def test_the_names_of_all_lines_have_room_beside_the_axes(run, name):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = CHARTS[name](run, style.FILE).figure
    FigureCanvasAgg(figure).draw()
    boxes = [box for axes in figure.axes for box in names_beside(axes)]
    assert len(boxes) >= len(run.arms())
    for axes in figure.axes:
        bottom = axes.get_window_extent().y0
        for box in names_beside(axes):
            assert box.y0 > bottom - 0.2 * style.DPI
            assert box.x1 <= figure.bbox.x1
    for above in boxes:
        for box in boxes:
            assert box is above or not (box.y0 + 1 < above.y1 - 1 and above.y0 + 1 < box.y1 - 1)


@pytest.mark.parametrize("name", ["live_tasks", "response_time", "memory", "cpu"])
def test_each_build_has_its_colour_and_each_variant_its_line(run, name):
    figure = CHARTS[name](run, style.FILE).figure
    lines = [line for axes in figure.axes for line in axes.lines if line.get_linewidth() == 2.2]
    found = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in lines}
    assert {color for color, _ in found} >= {look.color for look in style.BUILD_LOOKS.values()}
    assert len(found) == len(run.arms())
