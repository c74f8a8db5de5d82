"""How all charts look: colours, line styles, labels at line ends, and files that are the same
byte for byte whenever the same run is drawn."""

import math
import warnings
from dataclasses import dataclass

import matplotlib
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

DPI = 150
GREY = "#595959"
PALE_GREY = "#F2F2F2"
LABEL_SIZE = 9  # points
KEY_ROW_INCHES = 0.2
NAME_CHARACTERS = 19


@dataclass(frozen=True)
class Medium:
    """Where a chart is looked at."""

    width: float  # inches
    heading: bool  # its title stands in the picture; else the page around it has the title
    narrow: bool  # names of lines stand below the axes; else beside them


FILE = Medium(8, heading=True, narrow=False)  # 1200 px wide as PNG
PAGE = Medium(8, heading=False, narrow=False)
PHONE = Medium(3.75, heading=False, narrow=True)


@dataclass(frozen=True)
class Look:
    """Colour, dash and marker each tell the arms apart on their own."""

    color: str
    dash: object
    marker: str


@dataclass(frozen=True)
class Label:
    """The name of a line, and where the line ends."""

    y: float
    name: str
    value: str
    look: Look


# Okabe and Ito's colours, told apart with any kind of colour vision.
LOOKS = {
    "without-context": Look("#D55E00", "-", "s"),
    "with-context": Look("#0072B2", (0, (5, 1.5)), "o"),
}
OTHER_LOOKS = (
    Look("#009E73", (0, (7, 1.5, 1.5, 1.5)), "^"),
    Look("#CC79A7", (0, (2, 1)), "D"),
    Look("#56B4E9", (0, (9, 2)), "v"),
)

SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": "black",
    "xtick.color": GREY,
    "ytick.color": GREY,
    "grid.color": "#E5E5E5",
    "axes.axisbelow": True,
    "hatch.linewidth": 0.8,
    "text.parse_math": False,  # a dollar sign in a title is a dollar sign
    "svg.fonttype": "none",  # text stays text: searchable, and read aloud
    "svg.hashsalt": "leakbench",  # element ids that do not change from one drawing to the next
}


def looks_of(arms):
    """Returns a Look for each arm; the two well-known variants always have the same one."""
    others = iter(OTHER_LOOKS * len(arms))
    return {arm: LOOKS.get(arm) or next(others) for arm in arms}


def apply():
    """Takes a person's own matplotlib settings out of the charts."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)
    # A name in a script that the font lacks is drawn as boxes; the files with the text have it.
    warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from current font")


def new_figure(medium, height_inches):
    return Figure(figsize=(medium.width, height_inches), dpi=DPI)


def short(name):
    """Returns `name` as it fits beside the axes."""
    return name if len(name) <= NAME_CHARACTERS else name[: NAME_CHARACTERS - 1] + "…"


def heading(figure, title, subtitle):
    """Writes what the chart shows in its top left corner, and how to read it below that."""
    height = figure.get_figheight()
    figure.text(0.02, 1 - 0.12 / height, title, size=12, weight="bold", va="top")
    figure.text(0.02, 1 - 0.38 / height, subtitle, size=8.5, color=GREY, va="top")


def save(figure, stem, description):
    """Writes `stem`.png and `stem`.svg; returns their paths. `description` is the text for those
    who cannot see the picture."""
    png = stem.with_suffix(".png")
    svg = stem.with_suffix(".svg")
    figure.savefig(png, metadata={"Description": description, "Software": "leakbench plot.py"})
    figure.savefig(
        svg, metadata={"Title": description, "Creator": "leakbench plot.py", "Date": None}
    )
    return [png, svg]


def name_lines(medium, axes, labels):
    """Writes the `labels` of the lines in `axes` where the medium has room for them."""
    if medium.narrow:
        list_lines(axes.figure, labels)
    else:
        label_line_ends(axes, labels)


def label_line_ends(axes, labels):
    """Writes labels to the right of `axes`, each at the height where its line ends, moved apart
    where they would overlap."""
    axes_points = axes.get_position().height * axes.figure.get_figheight() * 72
    height = 2 * 1.35 * LABEL_SIZE / axes_points
    to_axes = axes.transData + axes.transAxes.inverted()
    wanted = [to_axes.transform((axes.get_xlim()[1], label.y))[1] for label in labels]
    for label, y in zip(labels, spread(wanted, [height] * len(labels))):
        axes.annotate(
            f"{label.name}\n{label.value}", (1, y), (6, 0), xycoords="axes fraction",
            textcoords="offset points", color=label.look.color, size=LABEL_SIZE, va="center",
            annotation_clip=False,
        )


def list_lines(figure, labels):
    """Writes labels at the bottom of `figure`, one below the other, each with a piece of its
    line."""
    inch_x, inch_y = 1 / figure.get_figwidth(), 1 / figure.get_figheight()
    for row, label in enumerate(reversed(labels)):
        y = (0.1 + row * KEY_ROW_INCHES) * inch_y
        look = label.look
        figure.add_artist(Line2D(
            [0.08 * inch_x, 0.5 * inch_x], [y, y], color=look.color, linestyle=look.dash,
            linewidth=2.2, transform=figure.transFigure,
        ))
        figure.text(
            0.58 * inch_x, y, f"{label.name}: {label.value}", size=LABEL_SIZE, color=look.color,
            va="center_baseline",
        )


def spread(centers, heights):
    """Moves the `centers` of boxes up by as little as keeps them apart; when the highest leaves
    0..1, those that it rests on move down with it."""
    order = sorted(range(len(centers)), key=lambda index: centers[index])
    placed = list(centers)
    floor = -math.inf
    for index in order:
        placed[index] = max(placed[index], floor + heights[index] / 2)
        floor = placed[index] + heights[index] / 2
    ceiling = 1.0
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling - heights[index] / 2)
        ceiling = placed[index] - heights[index] / 2
    return placed
