"""How all charts look: colours, line styles, labels at line ends, and files that are the same
byte for byte whenever the same run is drawn."""

import math
import warnings
from dataclasses import dataclass, replace
from itertools import cycle

import matplotlib
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

DPI = 150
GREY = "#595959"
PALE_GREY = "#F2F2F2"
LABEL_SIZE = 9  # points
KEY_ROW_INCHES = 0.2
NAME_CHARACTERS = 19
GO_PREFIX = "go-"


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
    width: float = 2.2  # of its line, in points


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


# Of a second line of an arm, which stands beside its first.
SECOND_DASH = (0, (1, 1.2))
# Where builds are compared, each has its colour in all variants; dash and marker are its own where
# there is one variant, else the variant's.
BUILD_LOOKS = {
    "base": Look("#0072B2", (0, (5, 1.5)), "o"),
    "head": Look("#D55E00", "-", "s"),
    "control": Look("#767676", (0, (2, 1.5)), "D"),
}
# The same server in Go.
GO_DASHES = ((0, (8, 2, 1.5, 2)), (0, (8, 2, 1.5, 2, 1.5, 2)), (0, (12, 3, 1.5, 3)))
GO_MARKERS = ("X", "p", "h")


def looks_of(arms):
    """Returns a Look for each arm. Where builds are compared, the colour is the build's; else it is
    the variant's, and the two well-known variants always have the same one."""
    several = len({parts_of(arm)[2] for arm in arms}) > 1
    built = [arm for arm in arms if several and parts_of(arm)[2]]
    looks = looks_of_variants([arm for arm in arms if arm not in built])
    looks |= looks_of_builds(built, {look.color for look in looks.values()})
    return {arm: looks[arm] for arm in arms}


def looks_of_builds(arms, taken):
    """Returns a Look for each of `arms`, all of some build; the colours in `taken` are those of
    other arms in the same chart."""
    variants = looks_of_variants(dict.fromkeys(map(without_build, arms)))
    in_go = [variant for variant in variants if parts_of(variant)[0] == "Go"]
    for place, variant in enumerate(in_go):
        variants[variant] = in_go_look(variants[variant], place)
    used = {*taken, *(look.color for look in BUILD_LOOKS.values())}
    others = cycle([look for look in OTHER_LOOKS if look.color not in used] or OTHER_LOOKS)
    builds = {}
    for build in dict.fromkeys(parts_of(arm)[2] for arm in arms):
        known = BUILD_LOOKS.get(build)
        builds[build] = known if known and known.color not in taken else next(others)
    if len(variants) == 1:
        return {arm: builds[parts_of(arm)[2]] for arm in arms}
    return {
        arm: replace(variants[without_build(arm)], color=builds[parts_of(arm)[2]].color)
        for arm in arms
    }


def looks_of_variants(arms):
    """Returns a Look for each of `arms`: the colour is the variant's; Go has lines of its own."""
    others = cycle(OTHER_LOOKS)
    first, looks = {}, {}
    for arm in arms:
        runtime, variant, _ = parts_of(arm)
        if variant not in first:
            first[variant] = LOOKS.get(variant) or next(others)
        looks[arm] = in_go_look(first[variant], 0) if runtime == "Go" else first[variant]
    return looks


def in_go_look(look, place):
    """Returns the Look in Go of what has this one in C++; `place` tells those of one colour apart."""
    dash, marker = (each[place % len(each)] for each in (GO_DASHES, GO_MARKERS))
    return replace(look, dash=dash, marker=marker)


def without_build(arm):
    return arm.partition("@")[0]


def parts_of(arm):
    """Returns runtime, variant and build of an arm: "go-with-context@head" is of Go, with-context
    and head."""
    variant, _, build = arm.partition("@")
    if variant.startswith(GO_PREFIX) and len(variant) > len(GO_PREFIX):
        return "Go", variant[len(GO_PREFIX):], build
    return "C++", variant, build


def second(look):
    """Returns the Look of a second line of the same arm."""
    return replace(look, dash=SECOND_DASH)


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
    if len(name) <= NAME_CHARACTERS:
        return name
    variant, at, build = name.partition("@")
    room = NAME_CHARACTERS - len(at + build) - 1
    if at and room >= len(GO_PREFIX) + 2:  # the build is what tells it from its neighbour
        return f"{variant[:room]}…{at}{build}"
    return name[: NAME_CHARACTERS - 1] + "…"


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
    texts = [f"{label.name}\n{label.value}" for label in labels]
    heights = [(text.count("\n") + 1) * 1.35 * LABEL_SIZE / axes_points for text in texts]
    to_axes = axes.transData + axes.transAxes.inverted()
    wanted = [to_axes.transform((axes.get_xlim()[1], label.y))[1] for label in labels]
    for label, text, y in zip(labels, texts, spread(wanted, heights)):
        axes.annotate(
            text, (1, y), (6, 0), xycoords="axes fraction",
            textcoords="offset points", color=label.look.color, size=LABEL_SIZE, va="center",
            annotation_clip=False,
        )


def list_lines(figure, labels):
    """Writes labels at the bottom of `figure`, one below the other, each with a piece of its
    line. Of a value of several lines only the first has room."""
    inch_x, inch_y = 1 / figure.get_figwidth(), 1 / figure.get_figheight()
    for row, label in enumerate(reversed(labels)):
        y = (0.1 + row * KEY_ROW_INCHES) * inch_y
        look = label.look
        figure.add_artist(Line2D(
            [0.08 * inch_x, 0.5 * inch_x], [y, y], color=look.color, linestyle=look.dash,
            linewidth=label.width, transform=figure.transFigure,
        ))
        figure.text(
            0.58 * inch_x, y, f"{label.name}: {label.value.splitlines()[0]}", size=LABEL_SIZE, color=look.color,
            va="center_baseline",
        )


def draw_key(figure, looks, top, in_a_row, step, row_inches):
    """Writes which line is which arm's, `top` inches below the upper edge of `figure`."""
    width, height = figure.get_size_inches()
    for index, (arm, look) in enumerate(looks.items()):
        row, column = divmod(index, in_a_row)
        y = 1 - (top + (row + 0.5) * row_inches) / height
        left = 0.16 + column * step
        figure.add_artist(Line2D(
            [left / width, (left + 0.35) / width], [y, y], color=look.color, linestyle=look.dash,
            linewidth=2.2, transform=figure.transFigure,
        ))
        figure.text(
            (left + 0.42) / width, y, short(arm), size=LABEL_SIZE, color=look.color,
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
