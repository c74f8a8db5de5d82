"""Response time over time: where in the load the slow answers are."""

import math
from dataclasses import dataclass

from leakbench_report import humanize
from leakbench_report.charts import Chart, Table, frame, style
from leakbench_report.charts.phases import SECOND, load_range
from leakbench_report.charts.ticks import logarithmic_y
from leakbench_report.charts.timeline import (
    BOLD_POINTS,
    TABLE_ROWS,
    Line,
    Timeline,
    column_line,
)
from leakbench_report.medians import clauses

MILLISECOND = 1e6
UPPER_INCHES, LOWER_INCHES = 2.2, 1.0
STEPS = [factor * 10**power for power in range(-3, 9) for factor in (1, 2, 5)]  # seconds
GAP_INCHES, NARROW_GAP_INCHES = 0.25, 0.42
HOW_TO_READ = (
    "A point for the answers between two samples. {names}\n"
    "Of each arm the repetition whose mean {basis} is the median. {fewest}"
)
# In how to read the chart, by whether there is a p99: what a line is, and what it needs.
NAMES = {
    True: "Thick: p50; thin: p99; below: the longest.",
    False: "Line: p50; below: the longest.",
}
FEWEST = {
    True: "Lines break where fewer than 20 answers came (p99: 1,000).",
    False: "Lines break where fewer than 20 answers came; a p99 needs 1,000.",
}
ONLY_LONGEST = "The longest of them; a p50 needs 20."


@dataclass(frozen=True)
class Series:
    name: str
    column: str
    width: float  # of its lines


P50 = Series("p50", "response_time_p50_ns", 2.2)
P99 = Series("p99", "response_time_p99_ns", 1.0)
LONGEST = Series("longest", "response_time_max_ns", 1.4)
ALL = (P50, P99, LONGEST)


def draw_response_time_over_time(run, medium):
    shown = [each for each in ALL if measured_of(run, each)] or [LONGEST]
    basis, panels = shown[0], panels_of(shown)
    timeline = Timeline(
        medium,
        run,
        lambda repetition: line_of(repetition, basis),
        "the response time",
        names=len(shown),
        how_to_read=how(shown),
        limits=limits_of(run),
        body=height_of(run, panels[0], UPPER_INCHES),
        below=sum(gap_of(medium) + height_of(run, each, LOWER_INCHES) for each in panels[1:]),
    )
    lines = lines_of(timeline.bold, shown)
    all_axes = [timeline.axes]
    if len(panels) > 1:
        all_axes.append(add_lower(timeline, height_of(run, panels[1], LOWER_INCHES)))
    labels = []
    for axes, panel in zip(all_axes, panels):
        labels.append(draw_panel(timeline, axes, panel, lines))
    timeline.finish_time(all_axes[-1])
    if medium.narrow:
        style.list_lines(timeline.figure, [label for each in labels for label in each])
    else:
        for axes, each in zip(all_axes, labels):
            style.label_line_ends(axes, each)
    return Chart(
        timeline.figure,
        "Response time over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(arm, lines)),
        table_of(lines),
    )


def line_of(repetition, series):
    """Returns the line in milliseconds; a logarithmic axis has no place for 0."""
    line = column_line(repetition, series.column, MILLISECOND)
    line.ys = [y if y > 0 else math.nan for y in line.ys]
    return line


def measured_of(run, series):
    return any(line_of(repetition, series).measured() for repetition in run.repetitions)


def limits_of(run):
    """Returns the time of the load; a sample behind it may have the last of its answers."""
    begin, end = load_range(run.repetitions)
    lines = [line_of(repetition, LONGEST) for repetition in run.repetitions]
    answers = [x for line in lines for x, y in zip(line.xs, line.ys) if not math.isnan(y)]
    return begin, max([end, *answers])


def panels_of(shown):
    """Returns the series of each panel: the longest flattens the others, and stands alone."""
    percentiles = [series for series in shown if series is not LONGEST]
    return [panel for panel in (percentiles, [LONGEST]) if panel]


def how(shown):
    if P50 in shown:
        names, fewest = NAMES[P99 in shown], FEWEST[P99 in shown]
    else:
        names, fewest = ONLY_LONGEST, "Lines break where none came."
    return HOW_TO_READ.format(names=names, basis=shown[0].name, fewest=fewest)


def height_of(run, panel, least):
    return max(least, len(run.arms()) * len(panel) * frame.NAME_INCHES)


def gap_of(medium):
    return NARROW_GAP_INCHES if medium.narrow else GAP_INCHES


def lines_of(bold, shown):
    """Returns the lines of each arm's bold repetition; without any point where it has none."""
    return {
        (arm, series): line_of(line.repetition, series) if line else Line(None, [], [])
        for arm, line in bold.items()
        for series in shown
    }


def add_lower(timeline, height):
    """Adds axes with the same time below those of `timeline`, which need no times of their own
    then."""
    timeline.axes.tick_params(labelbottom=False)
    left, top, width, upper = frame.inches_of(timeline.axes)
    return frame.add_axes(
        timeline.figure, left, top + upper + gap_of(timeline.medium), width, height,
        sharex=timeline.axes,
    )


def draw_panel(timeline, axes, panel, lines):
    """Draws the lines of a panel; returns their labels."""
    drawn = {key: line for key, line in lines.items() if key[1] in panel}
    logarithmic_y(axes, [y for line in drawn.values() for y in line.measured()])
    axes.grid(axis="y")
    title = "response time [ms]" if P50 in panel else "longest [ms]"
    frame.name_y_axis(timeline.medium, axes, title)
    for (arm, series), line in drawn.items():
        timeline.draw(line, arm, BOLD_POINTS, axes=axes, linewidth=series.width)
    return [label_of(timeline, axes, *key, line) for key, line in drawn.items()]


def label_of(timeline, axes, arm, series, line):
    known = line.measured()
    text = range_of(series, known) if known else "too few answers"
    if series is LONGEST and known:
        text = f"up to {text}"  # the highest of the line, which may end far below
    end = known[-1] if known else axes.get_ylim()[0]
    look = timeline.looks[arm]
    return style.Label(end, style.short(arm), f"{series.name} {text}", look, series.width)


def range_of(series, known):
    low, high = (in_words(end(known)) for end in (min, max))
    return low if low == high else high if series is LONGEST else f"{low} to {high}"


def in_words(milliseconds):
    return humanize.duration(milliseconds * MILLISECOND)


def describe(arm, lines):
    parts = []
    for (of_arm, series), line in lines.items():
        known = line.measured()
        if of_arm != arm:
            continue
        if not known:
            parts.append(f"{series.name} of too few answers")
            continue
        text = f"{series.name} {range_of(series, known)}"
        if series is LONGEST:
            since = humanize.duration(line.xs[line.ys.index(max(known))] * SECOND)
            text += f", answered by {since} after the first request"
        parts.append(text)
    return ", ".join(parts)


def table_of(lines):
    """Returns the table of the highest of each line in stretches of the same length, without those
    in which no answer came; the stretches are as short as leaves few."""
    step = next(step for step in STEPS if len(highest_in(lines, step)) <= TABLE_ROWS)
    rows = [
        [round(stretch * step, 6), *(highest.get(key) for key in lines)]
        for stretch, highest in sorted(highest_in(lines, step).items())
    ]
    columns = [(f"{arm} {series.name}", in_words) for arm, series in lines]
    return Table([("highest until [s]", "{:g}".format), *columns], rows)


def highest_in(lines, step):
    """Returns {number of a stretch: {key of a line: its highest}}."""
    found = {}
    for key, line in lines.items():
        for x, y in zip(line.xs, line.ys):
            if not math.isnan(y):
                highest = found.setdefault(math.ceil(round(x / step, 6)), {})
                highest[key] = max(y, highest.get(key, y))
    return found
