"""Response time by percentile."""

import math
from statistics import median

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import NothingToDraw, style

MILLISECOND = 1e6
TICKS = (50, 90, 99, 99.9, 99.99, 99.999)
LEFT, RIGHT, BOTTOM, TOP = 0.85, 2.0, 0.6, 0.8  # margins, inches
HEIGHT = 4.8


def draw_response_time(run):
    """Returns the figure of response time by percentile and a sentence that describes it."""
    curves = {arm: [curve_of(rep) for rep in run.repetitions_of(arm)] for arm in run.arms()}
    curves = {arm: [curve for curve in found if curve] for arm, found in curves.items()}
    if not any(curves.values()):
        raise NothingToDraw("no complete repetition has percentiles of the response time")
    figure = style.new_figure(HEIGHT)
    axes = figure.add_axes((
        LEFT / style.WIDTH_INCHES, BOTTOM / HEIGHT,
        1 - (LEFT + RIGHT) / style.WIDTH_INCHES, 1 - (BOTTOM + TOP) / HEIGHT,
    ))
    labels = []
    for arm, look in style.looks_of(curves).items():
        labels += draw_arm(axes, arm, look, curves[arm])
    finish(axes, labels)
    style.heading(
        figure,
        "Response time by percentile",
        "Bold: median over the repetitions at each percentile; thin: each repetition. "
        "Both axes are logarithmic.",
    )
    return figure, f"Response time by percentile: {', '.join(curves)}"


def curve_of(repetition):
    """Returns {percentile: milliseconds}. The maximum has no place on 1/(1-p), nor 0 ns on a
    logarithmic axis."""
    pairs = repetition.report["response_time"]["percentiles"]
    return {p: ns / MILLISECOND for p, ns in pairs if 0 < p < 100 and ns > 0}


def draw_arm(axes, arm, look, curves):
    """Draws the repetitions of one arm and their median; returns the label of its line end."""
    if len(curves) > 1:
        for curve in curves:
            draw_curve(axes, look, curve, linewidth=0.8, alpha=0.55)
    shared = set.intersection(*map(set, curves)) if curves else set()
    if not shared:
        return []
    middle = {p: median(curve[p] for curve in curves) for p in shared}
    draw_curve(
        axes, look, middle, linewidth=2.2, marker=look.marker, markersize=6, markeredgecolor="white"
    )
    last = max(shared)
    text = f"{style.short(arm)}\n{humanize.number(middle[last])} ms at {last:g} %"
    return [(middle[last], text, look.color)]


def draw_curve(axes, look, curve, **line):
    percentiles = sorted(curve)
    axes.plot(
        [position(p) for p in percentiles], [curve[p] for p in percentiles],
        color=look.color, linestyle=look.dash, **line,
    )


def position(percentile):
    return 1 / (1 - percentile / 100)


def finish(axes, labels):
    axes.set_xscale("log")
    axes.set_yscale("log")
    low, high = axes.dataLim.intervaly
    axes.set_ylim(low / 1.3, high * 1.3)
    axes.set_xlim(position(TICKS[0]) / 1.1, max(axes.dataLim.xmax, position(90)) * 1.1)
    for axis, ticks in ((axes.yaxis, round_numbers(*axes.get_ylim())), (axes.xaxis, TICKS)):
        axis.set_minor_locator(NullLocator())
        places = [position(p) for p in ticks] if axis is axes.xaxis else ticks
        axis.set_major_locator(FixedLocator(places))
        axis.set_major_formatter(FixedFormatter([f"{tick:,.10g}" for tick in ticks]))
    axes.set_xlabel("percentile of the requests [%]")
    axes.set_ylabel("response time [ms]")
    axes.grid()
    style.label_line_ends(axes, labels)


def round_numbers(low, high):
    """Returns round numbers between `low` and `high`: the more decades, the fewer in each, so that
    their labels stay apart and at least one is there."""
    decades = math.log10(high / low)
    digits = (1, 1.5, 2, 3, 4, 5, 6, 8) if decades < 1 else (1, 2, 5) if decades < 3 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [number for number in numbers if low <= number <= high]
