"""A scenario over commits: one point for each run of the index."""

import math

from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style

METRICS = (
    "live_tasks_after", "live_tasks_settled", "memory_peak_bytes", "cpu_ns_per_request",
    "response_time_p99_ns",
)
PANEL_INCHES, ABOVE_PANEL, BOTTOM = 0.95, 0.34, 0.72
LEFT, RIGHT = 0.9, 0.3
KEY_INCHES, KEY_STEP_INCHES = 0.3, 1.9
MOST_TICKS, NARROW_TICKS = 12, 5
SHORT_COMMIT = 7
HOW_TO_READ = (
    "A point for each run in the order of the index: median, and lowest to highest repetition.\n"
    "A line breaks where the machine or the load is another one; + is a checkout with changes."
)


def draw_history(entries, scenario, medium):
    """Draws the runs of `scenario` among the entries of an index."""
    runs = [entry for entry in entries if entry["scenario"] == scenario]
    metrics = [name for name in METRICS if any(values(runs, name, arm) for arm in arms_of(runs))]
    if not metrics:
        raise NothingToDraw(f"the index has no figures of {scenario}")
    arms = arms_of(runs)
    top = frame.heading_height(medium, HOW_TO_READ)
    key = KEY_INCHES * math.ceil(len(arms) / keys_in_a_row(medium))
    each = ABOVE_PANEL + PANEL_INCHES
    figure = style.new_figure(medium, top + key + each * len(metrics) + BOTTOM)
    looks = style.looks_of(arms)
    style.draw_key(figure, looks, top, keys_in_a_row(medium), KEY_STEP_INCHES, KEY_INCHES)
    for index, name in enumerate(metrics):
        place = top + key + index * each + ABOVE_PANEL
        axes = frame.add_axes(
            figure, LEFT, place, medium.width - LEFT - RIGHT, PANEL_INCHES
        )
        draw_panel(axes, runs, name, looks)
        name_runs(medium, axes, runs, last=index == len(metrics) - 1)
    return Chart(
        figure, f"History of {scenario}", HOW_TO_READ, describe(runs, metrics),
        table_of(runs, metrics),
    )


def keys_in_a_row(medium):
    return int((medium.width - 0.16) / KEY_STEP_INCHES)


def arms_of(runs):
    return list(dict.fromkeys(arm["name"] for run in runs for arm in run["arms"]))


def values(runs, metric, arm):
    """Returns (place, spread) of each run that has measured the metric of the arm."""
    return [
        (place, spread)
        for place, run in enumerate(runs)
        for each in run["arms"]
        if each["name"] == arm
        for spread in [each["spreads"].get(metric)]
        if spread and spread["median"] is not None
    ]


def stretches(runs, points):
    """Cuts `points` where two neighbours were not made alike."""
    found = []
    for place, spread in points:
        if not found or not alike(runs[found[-1][-1][0]], runs[place]):
            found.append([])
        found[-1].append((place, spread))
    return found


def alike(one, other):
    return one["machine"] == other["machine"] and one["load"] == other["load"]


def unit_of(metric, most):
    """Returns name and size of the unit in which values of `metric` up to `most` are drawn."""
    if metric.endswith("_bytes"):
        return "MiB", 2**20
    if "_ns" in metric:
        return [unit for unit in humanize.NANOSECONDS if unit[1] <= max(most, 1)][-1]
    return "tasks", 1


def draw_panel(axes, runs, metric, looks):
    found = {arm: values(runs, metric, arm) for arm in looks}
    most = max(spread["high"] for points in found.values() for _, spread in points)
    unit, size = unit_of(metric, most)
    axes.set_title(f"{metric} [{unit}]", size=9, pad=4)
    for arm, look in looks.items():
        for points in stretches(runs, found[arm]):
            xs = [place for place, _ in points]
            low, middle, high = (
                [spread[name] / size for _, spread in points] for name in ("low", "median", "high")
            )
            axes.plot(
                xs, middle, color=look.color,
                linestyle=look.dash, drawstyle="steps-mid", linewidth=1.4,
                marker=look.marker, markersize=5, clip_on=False,
            )
            axes.vlines(xs, low, high, color=look.color, linewidth=1)
    axes.set_xlim(-0.5, len(runs) - 0.5)
    axes.set_ylim(0, max(axes.dataLim.ymax * 1.15, 1))
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.tick_params(labelsize=8)
    axes.grid(axis="y")


def name_runs(medium, axes, runs, last):
    most = NARROW_TICKS if medium.narrow else MOST_TICKS
    places = list(range(0, len(runs), math.ceil(len(runs) / most)))
    axes.xaxis.set_major_locator(FixedLocator(places))
    axes.xaxis.set_major_formatter(FixedFormatter([commit_of(runs[place]) for place in places]))
    if last:
        axes.set_xlabel("commit", size=9)
    else:
        axes.tick_params(labelbottom=False)


def commit_of(run):
    if run["git_commit"] is None:
        return "unknown"
    return run["git_commit"][:SHORT_COMMIT] + ("+" if run["git_dirty"] else "")


def describe(runs, metrics):
    """Returns what became of the first metrics from the first run to the last."""
    parts = []
    for arm in arms_of(runs):
        for metric in metrics:
            points = values(runs, metric, arm)
            if len(points) > 1:
                ends = [humanize.metric(metric, points[i][1]["median"]) for i in (0, -1)]
                parts.append(f"{arm} {metric} {ends[0]} to {ends[1]}")
    count = humanize.count(len(runs))
    return f"{count} run{'' if len(runs) == 1 else 's'}; {'; '.join(parts) or 'nothing to compare'}"


def table_of(runs, metrics):
    columns = [
        ("commit", str), ("started", str), ("run", str), ("arm", str), ("verdict", str),
        *((name, lambda value, name=name: humanize.metric(name, value)) for name in metrics),
    ]
    rows = [
        [
            commit_of(run), run["started_utc"], run["run_id"], arm["name"], arm["verdict"],
            *((arm["spreads"].get(name) or {}).get("median") for name in metrics),
        ]
        for run in runs
        for arm in run["arms"]
    ]
    return Table(columns, rows)
