"""Response time by percentile."""

from statistics import median

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.ticks import round_numbers
from leakbench_report.medians import clauses, in_words

MILLISECOND = 1e6
TICKS = (50, 90, 99, 99.9, 99.99, 99.999)
NARROW_TICKS = (50, 90, 99, 99.9, 99.99)
BODY_INCHES, NARROW_BODY_INCHES = 3.4, 2.6
HOW_TO_READ = (
    "Bold: median over the repetitions at each percentile; thin: each repetition. "
    "Both axes are logarithmic."
)


def draw_response_time(run, medium):
    curves = {arm: [curve_of(rep) for rep in run.repetitions_of(arm)] for arm in run.arms()}
    curves = {arm: [curve for curve in found if curve] for arm, found in curves.items()}
    if not any(curves.values()):
        raise NothingToDraw("no complete repetition has percentiles of the response time")
    middles = {arm: middle_of(found) for arm, found in curves.items()}
    body = NARROW_BODY_INCHES if medium.narrow else BODY_INCHES
    figure, axes = frame.new_axes(medium, body, len(curves), HOW_TO_READ)
    labels = []
    for arm, look in style.looks_of(curves).items():
        labels += draw_arm(axes, arm, look, curves[arm], middles[arm])
    finish(medium, axes, labels)
    return Chart(
        figure,
        "Response time by percentile",
        HOW_TO_READ,
        clauses(run, lambda arm: describe(run, arm)),
        table_of(middles),
    )


def describe(run, arm):
    half, most = (in_words(run, arm, f"response_time_{name}_ns") for name in ("p50", "p99"))
    return f"half of the requests within {half}, 99 % within {most}"


def table_of(middles):
    percentiles = sorted(set().union(*middles.values()))
    rows = [[p, *(middle.get(p) for middle in middles.values())] for p in percentiles]
    columns = [(arm, lambda ms: f"{humanize.number(ms)} ms") for arm in middles]
    return Table([("percentile [%]", "{:g}".format), *columns], rows)


def curve_of(repetition):
    """Returns {percentile: milliseconds}. The maximum has no place on 1/(1-p), nor 0 ns on a
    logarithmic axis."""
    pairs = repetition.report["response_time"]["percentiles"]
    return {p: ns / MILLISECOND for p, ns in pairs if 0 < p < 100 and ns > 0}


def middle_of(curves):
    """Returns the median of `curves` at each percentile that all of them have."""
    shared = set.intersection(*map(set, curves)) if curves else set()
    return {p: median(curve[p] for curve in curves) for p in shared}


def draw_arm(axes, arm, look, curves, middle):
    """Draws the repetitions of one arm and their median; returns the label of its line end."""
    if len(curves) > 1:
        for curve in curves:
            draw_curve(axes, look, curve, linewidth=0.8, alpha=0.55)
    if not middle:
        return []
    draw_curve(
        axes, look, middle, linewidth=2.2, marker=look.marker, markersize=6, markeredgecolor="white"
    )
    last = max(middle)
    value = f"{humanize.number(middle[last])} ms at {last:g} %"
    return [style.Label(middle[last], style.short(arm), value, look)]


def draw_curve(axes, look, curve, **line):
    percentiles = sorted(curve)
    axes.plot(
        [position(p) for p in percentiles], [curve[p] for p in percentiles],
        color=look.color, linestyle=look.dash, **line,
    )


def position(percentile):
    return 1 / (1 - percentile / 100)


def finish(medium, axes, labels):
    axes.set_xscale("log")
    axes.set_yscale("log")
    left = position(TICKS[0])
    axes.set_xlim(left / 1.1, max(axes.dataLim.xmax, position(90)) * 1.1)
    points = [point for line in axes.lines for point in line.get_xydata()]
    # Most of what is faster than the median is left of the axes.
    shown = [y for x, y in points if x >= left] or [y for _, y in points]
    axes.set_ylim(min(shown) / 1.3, max(shown) * 1.3)
    percentiles = NARROW_TICKS if medium.narrow else TICKS
    for axis, ticks in ((axes.yaxis, round_numbers(*axes.get_ylim())), (axes.xaxis, percentiles)):
        axis.set_minor_locator(NullLocator())
        places = [position(p) for p in ticks] if axis is axes.xaxis else ticks
        axis.set_major_locator(FixedLocator(places))
        axis.set_major_formatter(FixedFormatter([f"{tick:,.10g}" for tick in ticks]))
    axes.set_xlabel("percentile of the requests [%]")
    axes.grid()
    frame.name_y_axis(medium, axes, "response time [ms]")
    style.name_lines(medium, axes, labels)
