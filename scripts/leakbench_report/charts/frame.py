"""A figure with one pair of axes: room for its ticks, for the names of its lines and, where the
medium wants one, for a heading."""

from leakbench_report.charts import style

LEFT, RIGHT, BOTTOM = 0.85, 2.0, 0.6  # margins, inches
NARROW_LEFT, NARROW_RIGHT, NARROW_TITLE = 0.62, 0.26, 0.28
NO_HEADING = 0.12  # the highest tick label reaches above the axes
NAME_INCHES = 0.36  # of a name of two lines beside the axes
HEADING_LINES = (0.6, 0.17)  # inches: with a line of how to read the chart, and each line more


def new_axes(medium, body, names, how_to_read, above=0.0, below=0.0):
    """Returns a figure and its axes, `body` inches high, with room for `names` names of lines,
    `above` inches of something else between heading and axes, and `below` inches under them."""
    top = heading_height(medium, how_to_read) + above
    bottom = BOTTOM
    left, right = LEFT, RIGHT
    if medium.narrow:
        top += NARROW_TITLE  # the title of the y axis lies on top of it
        bottom += names * style.KEY_ROW_INCHES + 0.08
        left, right = NARROW_LEFT, NARROW_RIGHT
    figure = style.new_figure(medium, top + body + below + bottom)
    axes = add_axes(figure, left, top, medium.width - left - right, body)
    return figure, axes


def body_for_names(medium, least, names):
    """Returns the height of axes beside which `names` names of lines have room: `least` or more."""
    return least if medium.narrow else max(least, names * NAME_INCHES)


def heading_height(medium, how_to_read):
    if not medium.heading:
        return NO_HEADING
    first, more = HEADING_LINES
    return first + 0.1 + how_to_read.count("\n") * more


def add_axes(figure, left, top, width, height, **options):
    """Adds axes whose top left corner is `left` and `top` inches from that of the figure."""
    total_width, total_height = figure.get_size_inches()
    corner = (left / total_width, 1 - (top + height) / total_height)
    size = (width / total_width, height / total_height)
    return figure.add_axes((*corner, *size), **options)


def inches_of(axes):
    """Returns left, top, width and height of `axes`, from the top left corner of their figure."""
    total_width, total_height = axes.figure.get_size_inches()
    box = axes.get_position()
    top = (1 - box.y1) * total_height
    return box.x0 * total_width, top, box.width * total_width, box.height * total_height


def from_left_edge(axes, inches):
    """Returns what is `inches` from the left edge of the figure as a fraction of `axes`."""
    left, _, width, _ = inches_of(axes)
    return (inches - left) / width


def name_y_axis(medium, axes, title):
    """Writes what the y axis shows: beside it or, where that takes too much room, above it."""
    if medium.narrow:
        axes.annotate(
            title, (from_left_edge(axes, 0.08), 1), (0, 8), xycoords="axes fraction",
            textcoords="offset points", size=style.LABEL_SIZE, annotation_clip=False,
        )
    else:
        axes.set_ylabel(title)
