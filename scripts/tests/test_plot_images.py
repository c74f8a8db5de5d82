"""Pictures are what they were, up to what another font or version of a library moves."""

import io
import os
from pathlib import Path

import matplotlib.image
import numpy
import pytest
from compared_runs import with_comparison
from synthetic import make_run

from leakbench_report.charts import style
from leakbench_report.charts.gallery import CHARTS
from leakbench_report.run_folder import read_run

# LEAKBENCH_UPDATE_GOLDEN=1 writes them anew; then look at them.
GOLDEN = Path(__file__).parent / "golden"
CELL = 25  # pixels of a picture that are one of its thumbnail
MOST_DIFFERENT = 0.25  # of the ink; the same chart a little to the side differs by more
IMAGES = (
    "live_tasks", "tasks_per_round", "response_time_over_time", "cpu", "pause", "comparison",
    "table",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    style.apply()
    folder = make_run(
        tmp_path_factory.mktemp("images") / "run", blocks=2, rounds=2, runtimes=("", "go-")
    )
    return read_run(with_comparison(folder))


def thumbnail(run, name):
    """The chart in grey cells, each the mean of CELL x CELL pixels, from 0 to 1."""
    buffer = io.BytesIO()
    CHARTS[name](run, style.PAGE).figure.savefig(buffer, format="png")
    buffer.seek(0)
    grey = matplotlib.image.imread(buffer)[:, :, :3].mean(axis=2)
    height, width = (length // CELL for length in grey.shape)
    cells = grey[: height * CELL, : width * CELL].reshape(height, CELL, width, CELL)
    return cells.mean(axis=(1, 3))


def difference(one, other):
    """Relative to the ink that there is: a chart is mostly paper."""
    assert one.shape == other.shape
    return numpy.abs(one - other).mean() / max((1 - one).mean(), 0.02)


@pytest.mark.parametrize("name", IMAGES)
def test_a_chart_looks_as_it_did(run, name):
    found = thumbnail(run, name)
    file = GOLDEN / f"{name}.txt"
    if "LEAKBENCH_UPDATE_GOLDEN" in os.environ:
        numpy.savetxt(file, found * 255, fmt="%d")
    golden = numpy.loadtxt(file) / 255
    assert difference(golden, found) < MOST_DIFFERENT
    assert difference(golden, numpy.roll(found, 5, axis=1)) > MOST_DIFFERENT
