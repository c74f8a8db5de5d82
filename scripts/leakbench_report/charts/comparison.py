"""What scripts/compare.py has found, drawn: ratios of head to base with their intervals, and what
the machine could show at all."""

import math

from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, style
from leakbench_report.charts.frame import from_left_edge
from leakbench_report.charts.rows import TEXT_SIZE, new_axes

MOST_ROWS = 24
WIDEST = 20.0  # a ratio further from 1 is drawn at the edge
NARROWEST = 1.1  # what the axis shows at least to both sides of 1
TICK_INCHES = 0.6
TEXT_CHARACTERS, NARROW_TEXT_CHARACTERS = 105, 48
RATIOS = (0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 5, 10, 20)
HOW_TO_READ = (
    "Head / base; mark and line: estimate and interval. Filled: gates; hollow: for information.\n"
    "Grey: changes that do not count. A line that leaves the axes has no end that could be told."
)
EXACT_HOW = "\nA mark alone is exact; an arrow at the edge is a change from 0 or to 0, which has no ratio."
NOISE_HOW = (
    "The base against itself: half the width of each metric's interval.\n"
    "A change that is smaller is not seen in a run of so many repetitions on this machine."
)


def comparison_of(run):
    if run.comparison is None:
        raise NothingToDraw(
            "there is no comparison.json in the run's folder; compare.py RUN --json "
            "RUN/comparison.json writes it"
        )
    return run.comparison


def draw_forest(run, medium):
    document = comparison_of(run)
    rows = [
        (comparison, metric)
        for comparison in document["comparisons"]
        for metric in comparison["metrics"]
    ]
    if not any(drawn_ratio_of(metric) for _, metric in rows):
        raise NothingToDraw("the comparison has no metric with a ratio")
    # Those that gate first, in the order of the policy.
    rows.sort(key=lambda row: not row[1]["gate"])
    shown = [row for row in rows if row[1]["gate"] or drawn_ratio_of(row[1])][:MOST_ROWS]
    how_to_read = how([metric for _, metric in shown])
    figure, axes = new_axes(medium, len(shown), how_to_read)
    looks = looks_of(document["comparisons"])
    set_ratio_scale(axes, [metric for _, metric in shown])
    several = len(document["comparisons"]) > 1
    for index, (comparison, metric) in enumerate(shown):
        draw_ratio(axes, index, metric, looks[comparison["title"]])
        prefix = f"{style.short(comparison['title'])} " if several else ""
        color = looks[comparison["title"]].color if metric["gate"] else style.GREY
        name_row(axes, index, row_text(medium, prefix, metric), color)
    axes.axvline(1, color=style.GREY, linewidth=1, zorder=1)
    axes.set_ylim(len(shown) - 0.35, -0.75)
    axes.set_xlabel("head / base")
    return Chart(
        figure, "Head against base", how_to_read, describe(document), table_of(rows)
    )


def how(metrics):
    exact = any(metric["by_values"] or metric["scale"] == "absolute" for metric in metrics)
    return HOW_TO_READ + EXACT_HOW if exact else HOW_TO_READ


def looks_of(comparisons):
    """Returns the look of each comparison by its title: that of its variant."""
    arms = {comparison["title"]: comparison["head_arm"] for comparison in comparisons}
    looks = style.looks_of([style.parts_of(arm)[1] for arm in arms.values()])
    return {title: looks[style.parts_of(arm)[1]] for title, arm in arms.items()}


def ratio_of(metric):
    """Returns low, estimate and high as ratios; an end that is not known is 0 or infinite. None
    where the change is not a share of the base, as from a base of 0."""
    change = metric["change"]
    if metric["scale"] != "relative" or change is None:
        return None
    low, high = change["low"], change["high"]
    return (
        0.0 if low is None else 1 + low,
        1 + change["estimate"],
        math.inf if high is None else 1 + high,
    )


def drawn_ratio_of(metric):
    """Returns low, estimate and high as they are drawn, None where nothing is. What is exact has no
    interval, and what comes from 0 is infinitely far up, what goes to 0 is 0."""
    if metric["change"] is None:
        return None
    if metric["scale"] == "absolute":
        way = way_of(metric)
        known = way or metric["by_values"]
        return ({0: 1.0, 1: math.inf, -1: 0.0}[way],) * 3 if known else None
    if metric["by_values"]:
        return (1 + metric["change"]["estimate"],) * 3
    return ratio_of(metric)


def way_of(metric):
    """Returns 1 for a change upwards, -1 for one downwards, 0 for none. That of an exact metric which
    has changed in a few repetitions only is estimated to be 0, and counts all the same."""
    estimate = metric["change"]["estimate"]
    if estimate == 0 and metric["fails"]:
        return 1 if metric["better"] == "smaller" else -1
    return (estimate > 0) - (estimate < 0)


def set_ratio_scale(axes, metrics):
    ratios = [ratio for ratio in map(drawn_ratio_of, metrics) if ratio]
    # Of both directions the larger one, so that no change looks larger than its opposite.
    known = [r for ratio in ratios for r in ratio if 0 < r < math.inf]
    furthest = max([NARROWEST, *(max(r, 1 / r) for r in known)])
    edge = min(furthest, WIDEST) ** 1.08
    axes.set_xscale("log")
    axes.set_xlim(1 / edge, edge)
    axes.xaxis.set_major_locator(FixedLocator(ratio_ticks(axes)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))


def ratio_ticks(axes):
    """Returns 1 and round ratios to both sides of it, as many as have room."""
    left, right = axes.get_xlim()
    inches = axes.get_position().width * axes.figure.get_figwidth()
    kept = [1.0]
    for ratio in sorted(RATIOS, key=lambda ratio: abs(math.log(ratio)), reverse=True):
        places = [abs(math.log(ratio / tick)) / math.log(right / left) * inches for tick in kept]
        if left <= ratio <= right and min(places) >= TICK_INCHES:
            kept.append(ratio)
    return sorted(kept)


def draw_ratio(axes, index, metric, look):
    ratio = drawn_ratio_of(metric)
    if ratio is None:
        return
    left, right = axes.get_xlim()
    limit = metric["limit"]
    if limit and metric["scale"] == "relative":
        ends = (within(1 + limit[side], left, right) for side in ("down", "up"))
        axes.fill_betweenx([index - 0.2, index + 0.25], *ends, color="#E5E5E5", linewidth=0)
    low, estimate, high = (within(value, left, right) for value in ratio)
    color = look.color if metric["gate"] else style.GREY
    if low != high:
        axes.hlines(index, low, high, color=color, linewidth=2.2)
    marker = {math.inf: ">", 0.0: "<"}.get(ratio[1], look.marker)
    axes.plot(
        [estimate], [index], color=color, marker=marker, markersize=7, clip_on=False,
        markeredgewidth=1.4, markerfacecolor=color if metric["gate"] else "white", zorder=3,
    )


def within(value, left, right):
    return min(max(value, left), right)


def row_text(medium, prefix, metric):
    """The interval has no room on a phone; it is in the picture and in the table."""
    text = f"{prefix}{metric['name']}: {metric['text']['change']}"
    if not medium.narrow:
        text += f" {metric['text']['interval']}"
    return cut(medium, f"{text}, {metric['verdict']}" if metric["verdict"] else text)


def cut(medium, text):
    most = NARROW_TEXT_CHARACTERS if medium.narrow else TEXT_CHARACTERS
    return text if len(text) <= most else text[: most - 1] + "…"


def name_row(axes, index, text, color):
    axes.annotate(
        text, (from_left_edge(axes, 0.08), index - 0.42), xycoords=("axes fraction", "data"),
        size=TEXT_SIZE, color=color, va="center", annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def describe(document):
    counts = {}
    for comparison in document["comparisons"]:
        for metric in comparison["metrics"]:
            if metric["verdict"]:
                counts[metric["verdict"]] = counts.get(metric["verdict"], 0) + 1
    found = ", ".join(f"{verdict} {number}" for verdict, number in sorted(counts.items()))
    titles = " and ".join(comparison["title"] for comparison in document["comparisons"])
    return f"{titles}: {document['verdict']}. Metrics that gate: {found or 'none'}"


def table_of(rows):
    columns = [
        ("comparison", str), ("metric", str), ("base", str), ("head", str), ("change", str),
        ("interval", str), ("limit", str), ("verdict", str),
    ]
    return Table(columns, [
        [
            comparison["title"], metric["name"],
            *(humanize.metric(metric["name"], metric[side]["median"]) for side in ("base", "head")),
            metric["text"]["change"], metric["text"]["interval"], metric["text"]["limit"],
            metric["verdict"] or "does not gate",
        ]
        for comparison, metric in rows
    ])


def draw_noise_floor(run, medium):
    document = comparison_of(run)
    if not document["control"]:
        raise NothingToDraw("the comparison has no control, the base a second time")
    rows = [
        (comparison, metric, half_width(metric))
        for comparison in document["control"]
        for metric in comparison["metrics"]
    ]
    known = [row for row in rows if row[2] is not None][:MOST_ROWS]
    if not known:
        raise NothingToDraw("the control has too few repetitions for an interval")
    figure, axes = new_axes(medium, len(known), NOISE_HOW)
    looks = looks_of(document["control"])
    several = len(document["control"]) > 1
    for index, (comparison, metric, percent) in enumerate(known):
        look = looks[comparison["title"]]
        axes.barh(
            index, percent, height=0.3, color=look.color if metric["gate"] else "white",
            edgecolor=look.color, linewidth=1.4,
        )
        prefix = f"{style.short(comparison['title'])} " if several else ""
        text = f"{prefix}{metric['name']}: {percent_text(percent)}"
        name_row(axes, index, cut(medium, text), look.color)
    axes.set_xlim(0, max([1, *(percent for _, _, percent in known)]) * 1.05)
    axes.xaxis.set_major_locator(MaxNLocator(4 if medium.narrow else 8, steps=[1, 2, 5, 10]))
    axes.set_ylim(len(known) - 0.35, -0.75)
    axes.set_xlabel("half the width of the interval [%]")
    _, metric, percent = max(known, key=lambda row: row[2] if row[1]["gate"] else -1)
    sentence = (
        f"The least sure of the metrics that gate is {metric['name']}, to {percent_text(percent)}"
    )
    columns = [("comparison", str), ("metric", str), ("half width", percent_text)]
    table = Table(columns, [[c["title"], m["name"], percent] for c, m, percent in rows])
    return Chart(figure, "What this run could see", NOISE_HOW, sentence, table)


def percent_text(percent):
    return f"±{humanize.number(percent)} %"


def half_width(metric):
    """Returns half the width of a metric's interval in percent of the base, None without one."""
    ratio = ratio_of(metric)
    if ratio is None or math.isinf(ratio[2]) or metric["change"]["low"] is None:
        return None
    return (ratio[2] - ratio[0]) / 2 * 100
