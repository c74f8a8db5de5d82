"""The differences behind a comparison, pair by pair in the order of the run: drift, an odd pair."""

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.comparison import comparison_of, looks_of

MOST_PANELS = 8
PANEL_INCHES, ABOVE_PANEL, BOTTOM = 0.8, 0.34, 0.6
LEFT, RIGHT = 0.7, 0.3
HOW_TO_READ = (
    "Head against base within each block, in run order; a mark that lies far from all others is "
    "circled.\nA slope is drift of the machine; all on one side of 0 is a change."
)


def draw_pairs(run, medium):
    document = comparison_of(run)
    paired = [comparison for comparison in document["comparisons"] if comparison["blocks"]]
    if not paired:
        raise NothingToDraw("the comparison is not paired")
    lines = lines_of(paired)
    names = list(dict.fromkeys(name for _, name in lines))[:MOST_PANELS]
    if not names:
        raise NothingToDraw("no metric that gates has a base other than 0")
    top = frame.heading_height(medium, HOW_TO_READ)
    each = ABOVE_PANEL + PANEL_INCHES
    figure = style.new_figure(medium, top + each * len(names) + BOTTOM)
    looks = looks_of(paired)
    for index, name in enumerate(names):
        axes = frame.add_axes(
            figure, LEFT, top + index * each + ABOVE_PANEL, medium.width - LEFT - RIGHT,
            PANEL_INCHES,
        )
        draw_panel(axes, name, paired, lines, looks)
        if index == len(names) - 1:
            axes.set_xlabel("block")
        else:
            axes.tick_params(labelbottom=False)
    sentence = "; ".join(f"{c['title']}: {describe(c, lines)}" for c in paired)
    return Chart(
        figure, "Differences within each pair", HOW_TO_READ, sentence, table_of(paired, lines)
    )


def lines_of(paired):
    """Returns {(title, metric): percents} of the metrics that gate, one for each block; None where
    a side was not measured or the base is 0. Those without any are left out."""
    found = {}
    for comparison in paired:
        for metric in comparison["metrics"]:
            values = zip(metric["base"]["values"], metric["head"]["values"])
            line = [percent(base, head) for base, head in values]
            if metric["gate"] and any(each is not None for each in line):
                found[comparison["title"], metric["name"]] = line
    return found


def percent(base, head):
    return None if not base or head is None else (head / base - 1) * 100


def draw_panel(axes, name, paired, lines, looks):
    axes.set_title(f"{name} [%]", size=9, pad=4)
    axes.axhline(0, color=style.GREY, linewidth=1)
    for comparison in paired:
        line = lines.get((comparison["title"], name))
        if line is None:
            continue
        look = looks[comparison["title"]]
        points = [(b, y) for b, y in zip(comparison["blocks"], line) if y is not None]
        xs, ys = zip(*points)
        axes.vlines(xs, 0, ys, color=look.color, linewidth=1)
        axes.plot(
            xs, ys, color=look.color, marker=look.marker, markersize=6, linestyle="none",
            clip_on=False,
        )
        odd = odd_blocks(comparison, name)
        axes.plot(
            [x for x in xs if x in odd], [y for x, y in points if x in odd], linestyle="none",
            marker="o", markersize=12, markerfacecolor="none", color=style.GREY, clip_on=False,
        )
    widest = max([1.0, *(abs(y) for (_, n), line in lines.items() if n == name for y in line if y)])
    axes.set_ylim(-widest * 1.15, widest * 1.15)
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(3, symmetric=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}" if value else "0"))
    axes.tick_params(labelsize=8)


def odd_blocks(comparison, name):
    return next(m["odd_blocks"] for m in comparison["metrics"] if m["name"] == name)


def describe(comparison, lines):
    odd = sorted({
        block
        for (title, name) in lines
        if title == comparison["title"]
        for block in odd_blocks(comparison, name)
    })
    count = len(comparison["blocks"])
    pairs = f"{humanize.count(count)} pair{'' if count == 1 else 's'}"
    if not odd:
        return f"{pairs}, none of them far from all others"
    return f"{pairs}, far from all others in some metric: block {', '.join(map(str, odd))}"


def table_of(paired, lines):
    names = list(dict.fromkeys(name for _, name in lines))
    rows = []
    for comparison in paired:
        none = [None] * len(comparison["blocks"])
        columns = [lines.get((comparison["title"], name), none) for name in names]
        for block, *values in zip(comparison["blocks"], *columns):
            rows.append([comparison["title"], block, *values])
    writers = [(name, lambda value: f"{value:+.2f} %") for name in names]
    return Table([("comparison", str), ("block", str), *writers], rows)
