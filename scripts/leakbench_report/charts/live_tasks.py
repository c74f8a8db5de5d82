"""Live tasks over time: the chart that shows what outlives its request."""

from dataclasses import dataclass

from leakbench_report import humanize
from leakbench_report.charts import Chart, style
from leakbench_report.charts.phases import SECOND, first_request_ns, timed_phases
from leakbench_report.charts.timeline import Timeline, counted_line, with_seldom
from leakbench_report.medians import clauses, in_words

HOW_TO_READ = "Bold: the repetition whose mean is the median; thin: the others."
MARK_TEXT_ABOVE, MARK_TEXT_HEIGHT = 12, 13  # points


@dataclass(frozen=True)
class Mark:
    """The live tasks of an arm at the last response of a round."""

    arm: str
    round: int
    x: float  # seconds
    tasks: int


def draw_live_tasks(run, medium):
    timeline = Timeline(
        medium,
        run,
        live_tasks_line,
        "live tasks",
        names=1,
        how_to_read=with_seldom(HOW_TO_READ, run, "live_tasks"),
    )
    timeline.draw_lines()
    labels = [
        timeline.label(arm, style.short(arm), line, humanize.count)
        for arm, line in timeline.bold.items()
    ]
    marks = [
        mark_last_responses(timeline, arm, line.repetition)
        for arm, line in timeline.bold.items()
        if line
    ]
    marks = [mark for mark in marks if mark]
    title, texts = words_of_marks(timeline, marks)
    timeline.finish(title, labels)
    name_marks(timeline, marks, texts)
    return Chart(
        timeline.figure,
        "Live tasks over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(run, arm)),
        timeline.table(timeline.bold, humanize.count),
    )


def live_tasks_line(repetition, scale=1):
    """Returns the line of the live tasks, divided by `scale`. They are counted at the last response
    and at the end of each round whatever the samples have."""
    return counted_line(repetition, "live_tasks", scale, more=[
        *counts_at_the_end(repetition, "load", "live_tasks_after"),
        *counts_at_the_end(repetition, "settle", "live_tasks_settled"),
    ])


def counts_at_the_end(repetition, name, metric):
    """Returns when each phase of this name ended, and what was counted then, where it was."""
    phases = timed_phases(repetition)
    ends = {each["round"]: each["end_ns"] for each in phases if each["name"] == name}
    return [
        ((ends[entry["round"]] - first_request_ns(phases)) / SECOND, entry["metrics"][metric])
        for entry in repetition.report["rounds"]
        if entry["round"] in ends and entry["metrics"][metric] is not None
    ]


def describe(run, arm):
    after, settled = (in_words(run, arm, f"live_tasks_{when}") for when in ("after", "settled"))
    return f"{after} live tasks at the last response, {settled} at the end of the round"


def mark_last_responses(timeline, arm, repetition):
    """Puts a marker on the live tasks at the last response of each round; returns the first Mark,
    None when there is none."""
    look = timeline.looks[arm]
    phases = timed_phases(repetition)
    ends = {phase["round"]: phase["end_ns"] for phase in phases if phase["name"] == "load"}
    zero = first_request_ns(phases)
    first = None
    for entry in repetition.report["rounds"]:
        tasks = entry["metrics"]["live_tasks_after"]
        if tasks is None or entry["round"] not in ends:
            continue
        x = (ends[entry["round"]] - zero) / SECOND
        timeline.axes.plot(
            [x], [tasks], color=look.color, marker=look.marker, markersize=7,
            markeredgecolor="white", clip_on=False, zorder=4,
        )
        first = first or Mark(arm, entry["round"], x, tasks)
    return first


def words_of_marks(timeline, marks):
    """Returns the title of the y axis and the text of each mark. A text names its arm where another
    one has the same colour; a phone has room for no more then, and the title says when that was."""
    colors = [look.color for look in timeline.looks.values()]
    counts = []
    for mark in marks:
        count = humanize.count(mark.tasks)
        alike = colors.count(timeline.looks[mark.arm].color) > 1
        counts.append(f"{style.short(mark.arm)}: {count}" if alike else count)
    lines = [line for line in timeline.bold.values() if line]
    several = any(len(line.repetition.report["rounds"]) > 1 for line in lines)
    rounds = [f" of round {mark.round}" if several else "" for mark in marks]
    if marks and timeline.medium.narrow and len(set(colors)) < len(colors):
        return f"live tasks (figures: last response{' or'.join(dict.fromkeys(rounds))})", counts
    texts = [f"{count} at the last response{place}" for count, place in zip(counts, rounds)]
    return "live tasks", texts


def name_marks(timeline, marks, texts):
    """Writes the text of each mark above it, on the side that has more room; where arms have about
    the same number of tasks, the texts move apart."""
    axes = timeline.axes
    points = axes.get_position().height * axes.figure.get_figheight() * 72
    highest = axes.get_ylim()[1]
    centers = [mark.tasks / highest + MARK_TEXT_ABOVE / points for mark in marks]
    heights = [MARK_TEXT_HEIGHT / points] * len(marks)
    for mark, text, y in zip(marks, texts, style.spread(centers, heights)):
        axes.annotate(
            text, (mark.x, y), xycoords=("data", "axes fraction"), size=style.LABEL_SIZE,
            color=timeline.looks[mark.arm].color, zorder=5, va="center",
            ha="left" if mark.x < sum(timeline.limits) / 2 else "right",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )
