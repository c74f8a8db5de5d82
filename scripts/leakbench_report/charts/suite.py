"""Several runs side by side: a small chart of live tasks over time for each."""

import math

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.live_tasks import live_tasks_line
from leakbench_report.charts.phases import time_range
from leakbench_report.charts.timeline import middle_one, plot
from leakbench_report.medians import middle
from leakbench_report.run_folder import IN_WORDS

COLUMNS = 2
LEFT, RIGHT, BOTTOM = 0.6, 0.15, 0.45  # margins, inches
PANEL_INCHES, ABOVE_PANEL, BELOW_PANEL = 1.35, 0.42, 0.32
KEY_INCHES, KEY_STEP_INCHES, KEYS_IN_A_ROW = 0.3, 1.9, 4
POINTS = 400
TITLE_CHARACTERS = 46
HOW_TO_READ = (
    "Each panel: one run, the repetition of each arm whose mean is the median. Same height "
    "everywhere,\nin tasks for each request of a round; 0 s is the first request of each."
)


def draw_suite(runs, medium):
    """Draws `runs` in the order given; raises NothingToDraw when none has sampled live tasks."""
    panels = [(run, lines_of(run)) for run in runs]
    if not any(lines for _, lines in panels):
        raise NothingToDraw("no run has samples of live tasks")
    arms = dict.fromkeys(arm for _, lines in panels for arm in lines)
    looks = style.looks_of(arms)
    rows = math.ceil(len(panels) / COLUMNS)
    top = frame.heading_height(medium, HOW_TO_READ)
    key = KEY_INCHES * math.ceil(len(looks) / KEYS_IN_A_ROW)
    height = top + key + rows * (ABOVE_PANEL + PANEL_INCHES + BELOW_PANEL) + BOTTOM
    figure = style.new_figure(medium, height)
    style.draw_key(figure, looks, top, KEYS_IN_A_ROW, KEY_STEP_INCHES, KEY_INCHES)
    highest = max((max(line.measured()) for _, lines in panels for line in lines.values()))
    for index, (run, lines) in enumerate(panels):
        axes = add_panel(figure, medium, index, top + key)
        draw_panel(axes, run, lines, looks)
        axes.set_ylim(0, max(highest * 1.1, 0.1))
        name_axes(axes, index, len(panels))
    return Chart(
        figure, f"Live tasks in {len(runs)} runs", HOW_TO_READ, describe(runs), table_of(runs)
    )


def lines_of(run):
    """Returns the middle line of each arm that was sampled."""
    found = {}
    for arm in run.arms():
        lines = [
            live_tasks_line(repetition, run.plan["plan"]["requests"])
            for repetition in run.repetitions_of(arm)
        ]
        line = middle_one([line for line in lines if line.measured()])
        if line:
            found[arm] = line
    return found


def add_panel(figure, medium, index, top):
    row, column = divmod(index, COLUMNS)
    each = medium.width / COLUMNS
    top += row * (ABOVE_PANEL + PANEL_INCHES + BELOW_PANEL) + ABOVE_PANEL
    return frame.add_axes(figure, column * each + LEFT, top, each - LEFT - RIGHT, PANEL_INCHES)


def draw_panel(axes, run, lines, looks):
    name = run.plan["scenario"]["name"]
    axes.set_title(name, size=9.5, weight="bold", pad=16)
    axes.annotate(
        cut(verdicts(run)), (0, 1), (0, 5), xycoords="axes fraction",
        textcoords="offset points", size=8, color=style.GREY,
    )
    for arm, line in lines.items():
        plot(axes, looks[arm], line, POINTS, linewidth=1.8)
    if lines:
        axes.set_xlim(time_range(run.repetitions))
    else:
        axes.text(0.5, 0.5, "live tasks not measured", size=9, color=style.GREY, ha="center",
                  transform=axes.transAxes)
        axes.set_xticks([])


def name_axes(axes, index, panels):
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.tick_params(labelsize=8)
    axes.grid(axis="y")
    if index % COLUMNS == 0:
        axes.set_ylabel("tasks per request", size=8)
    if index >= panels - COLUMNS:
        axes.set_xlabel("time since the first request [s]", size=8)


def verdicts(run):
    if run.summary is None:
        return f"{IN_WORDS.get(run.plan['status'], run.plan['status'])}, no summary"
    return ", ".join(f"{arm['name']} {arm['verdict']['class']}" for arm in run.summary["arms"])


def cut(text):
    return text if len(text) <= TITLE_CHARACTERS else text[: TITLE_CHARACTERS - 1] + "…"


def describe(runs):
    return "; ".join(f"{run.plan['scenario']['name']}: {verdicts(run)}" for run in runs)


def table_of(runs):
    columns = [
        ("scenario", str), ("run", str), ("arm", str), ("verdict", str),
        ("live tasks at the last response", humanize.count), ("at the end", humanize.count),
    ]
    rows = []
    for run in runs:
        arms = run.summary["arms"] if run.summary else []
        classes = {arm["name"]: arm["verdict"]["class"] for arm in arms}
        for arm in run.arms():
            counts = [middle(run, arm, f"live_tasks_{when}") for when in ("after", "settled")]
            title = run.plan["scenario"]["name"]
            rows.append([title, run.plan["id"], arm, classes.get(arm), *counts])
    return Table(columns, rows)
