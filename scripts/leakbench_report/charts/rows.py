"""Axes with a row for each thing that is compared, and no vertical axis."""

from leakbench_report.charts import frame, style

ROW_INCHES = 0.56
SIDE_INCHES = 0.35  # left and right of the axes: half a tick label
BOTTOM_INCHES = 0.6
TEXT_SIZE = 9  # points


def new_axes(medium, rows, how_to_read):
    top = frame.heading_height(medium, how_to_read)
    body = rows * ROW_INCHES
    figure = style.new_figure(medium, top + body + BOTTOM_INCHES)
    width = medium.width - 2 * SIDE_INCHES
    axes = frame.add_axes(figure, SIDE_INCHES, top, width, body)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.grid(axis="x")
    return figure, axes
