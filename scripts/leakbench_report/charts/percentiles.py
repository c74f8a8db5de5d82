"""Curves of percentiles, both axes logarithmic: what is rare has as much room as what is usual."""

from dataclasses import dataclass
from statistics import median

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.ticks import logarithmic_y
from leakbench_report.medians import clauses

MILLISECOND = 1e6
TICKS = (50, 90, 99, 99.9, 99.99, 99.999)
NARROW_TICKS = (50, 90, 99, 99.9, 99.99)
BODY_INCHES, NARROW_BODY_INCHES = 3.4, 2.6


@dataclass(frozen=True)
class Kind:
    """One curve of each arm."""

    name: str  # behind that of the arm; "" where there is one kind
    curve_of: object  # function from a repetition to {percentile: milliseconds}
    second: bool = False  # stands beside another one: dotted, and only its median


@dataclass(frozen=True)
class Words:
    title: str
    x_axis: str
    y_axis: str
    how_to_read: str


def draw_percentiles(run, medium, kinds, words, describe):
    """Draws `kinds` of every arm; `describe` writes what the chart says of one arm."""
    curves = {
        (arm, kind): [curve for rep in run.repetitions_of(arm) if (curve := kind.curve_of(rep))]
        for kind in kinds
        for arm in run.arms()
    }
    curves = {key: found for key, found in curves.items() if found or not key[1].second}
    if not any(curves.values()):
        raise NothingToDraw(f"no complete repetition has percentiles of the {words.y_axis}")
    middles = {key: middle_of(found) for key, found in curves.items()}
    least = NARROW_BODY_INCHES if medium.narrow else BODY_INCHES
    body = frame.body_for_names(medium, least, len(curves))
    figure, axes = frame.new_axes(medium, body, len(curves), words.how_to_read)
    looks = style.looks_of(run.arms())
    labels = []
    for (arm, kind), found in curves.items():
        labels += draw_kind(axes, arm, kind, looks[arm], found, middles[arm, kind])
    finish(medium, axes, words, labels)
    sentence = clauses(run, describe)
    return Chart(figure, words.title, words.how_to_read, sentence, table_of(middles))


def curve_of(pairs):
    """Returns {percentile: milliseconds} of pairs of percentile and nanoseconds. The maximum has no
    place on 1/(1-p), nor 0 ns on a logarithmic axis."""
    return {p: ns / MILLISECOND for p, ns in pairs if 0 < p < 100 and ns > 0}


def middle_of(curves):
    """Returns the median of `curves` at each percentile that all of them have."""
    shared = set.intersection(*map(set, curves)) if curves else set()
    return {p: median(curve[p] for curve in curves) for p in shared}


def table_of(middles):
    percentiles = sorted(set().union(*middles.values()))
    rows = [[p, *(middle.get(p) for middle in middles.values())] for p in percentiles]
    titles = [f"{arm} {kind.name}".strip() for arm, kind in middles]
    columns = [(title, lambda ms: f"{humanize.number(ms)} ms") for title in titles]
    return Table([("percentile [%]", "{:g}".format), *columns], rows)


def draw_kind(axes, arm, kind, look, curves, middle):
    """Draws the repetitions of one arm and their median; returns the label of its line end."""
    if len(curves) > 1 and not kind.second:
        for curve in curves:
            draw_curve(axes, look, curve, linewidth=0.8, alpha=0.55)
    if not middle:
        return []
    if kind.second:
        look = style.second(look)
        draw_curve(
            axes, look, middle, linewidth=1.8, marker=look.marker, markersize=5,
            markerfacecolor="white",
        )
    else:
        draw_curve(
            axes, look, middle, linewidth=2.2, marker=look.marker, markersize=6,
            markeredgecolor="white",
        )
    last = max(middle)
    value = f"{humanize.number(middle[last])} ms at {last:g} %"
    return [style.Label(middle[last], f"{style.short(arm)} {kind.name}".strip(), value, look)]


def draw_curve(axes, look, curve, **line):
    percentiles = sorted(curve)
    axes.plot(
        [position(p) for p in percentiles], [curve[p] for p in percentiles],
        color=look.color, linestyle=look.dash, **line,
    )


def position(percentile):
    return 1 / (1 - percentile / 100)


def finish(medium, axes, words, labels):
    axes.set_xscale("log")
    left = position(TICKS[0])
    axes.set_xlim(left / 1.1, max(axes.dataLim.xmax, position(90)) * 1.1)
    points = [point for line in axes.lines for point in line.get_xydata()]
    # Most of what is faster than the median is left of the axes.
    shown = [y for x, y in points if x >= left] or [y for _, y in points]
    logarithmic_y(axes, shown)
    percentiles = NARROW_TICKS if medium.narrow else TICKS
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(FixedLocator([position(p) for p in percentiles]))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{p:g}" for p in percentiles]))
    axes.set_xlabel(words.x_axis)
    axes.grid()
    frame.name_y_axis(medium, axes, f"{words.y_axis} [ms]")
    style.name_lines(medium, axes, labels)
