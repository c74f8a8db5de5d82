"""Live tasks over time: the chart that shows what outlives its request."""

from leakbench_report import humanize
from leakbench_report.charts import Chart, style
from leakbench_report.charts.phases import SECOND, first_request_ns, timed_phases
from leakbench_report.charts.timeline import Timeline, column_line
from leakbench_report.medians import clauses, in_words

MARK_TEXT_ABOVE, MARK_TEXT_HEIGHT = 12, 13  # points


def draw_live_tasks(run, medium):
    timeline = Timeline(
        medium,
        run,
        lambda repetition: column_line(repetition, "live_tasks", 1),
        "live tasks",
        names=1,
        how_to_read="Bold: the repetition whose mean is the median; thin: the others.",
    )
    labels = [
        timeline.label(arm, style.short(arm), line, humanize.count)
        for arm, line in timeline.bold.items()
    ]
    marks = [
        mark_last_responses(timeline, arm, line.repetition)
        for arm, line in timeline.bold.items()
        if line
    ]
    timeline.finish("live tasks", labels)
    name_marks(timeline, [mark for mark in marks if mark])
    return Chart(
        timeline.figure,
        "Live tasks over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(run, arm)),
        timeline.table(timeline.bold, humanize.count),
    )


def describe(run, arm):
    after, settled = (in_words(run, arm, f"live_tasks_{when}") for when in ("after", "settled"))
    return f"{after} live tasks at the last response, {settled} at the end of the round"


def mark_last_responses(timeline, arm, repetition):
    """Puts a marker on the live tasks at the last response of each round; returns x, y, text and
    look of the first, None when there is none. The text names the arm where its colour does not."""
    look = timeline.looks[arm]
    alike = sum(other.color == look.color for other in timeline.looks.values())
    prefix = f"{style.short(arm)}: " if alike > 1 else ""
    phases = timed_phases(repetition)
    ends = {phase["round"]: phase["end_ns"] for phase in phases if phase["name"] == "load"}
    zero = first_request_ns(phases)
    rounds = repetition.report["rounds"]
    first = None
    for entry in rounds:
        tasks = entry["metrics"]["live_tasks_after"]
        if tasks is None or entry["round"] not in ends:
            continue
        x = (ends[entry["round"]] - zero) / SECOND
        timeline.axes.plot(
            [x], [tasks], color=look.color, marker=look.marker, markersize=7,
            markeredgecolor="white", clip_on=False, zorder=4,
        )
        if first is None:
            of_round = f" of round {entry['round']}" if len(rounds) > 1 else ""
            first = x, tasks, f"{prefix}{humanize.count(tasks)} at the last response{of_round}", look
    return first


def name_marks(timeline, marks):
    """Writes the text of each mark above it, on the side that has more room; where arms have about
    the same number of tasks, the texts move apart."""
    axes = timeline.axes
    points = axes.get_position().height * axes.figure.get_figheight() * 72
    highest = axes.get_ylim()[1]
    centers = [y / highest + MARK_TEXT_ABOVE / points for _, y, _, _ in marks]
    heights = [MARK_TEXT_HEIGHT / points] * len(marks)
    for (x, _, text, look), y in zip(marks, style.spread(centers, heights)):
        axes.annotate(
            text, (x, y), xycoords=("data", "axes fraction"), size=style.LABEL_SIZE,
            color=look.color, zorder=5, va="center",
            ha="left" if x < sum(timeline.limits) / 2 else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )
