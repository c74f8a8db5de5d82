"""What the charts over time share: one line per repetition from its first request on, below a strip
that marks load and drain of each arm."""

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from statistics import fmean

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report.charts import NothingToDraw, Table, frame, style
from leakbench_report.charts.phases import (
    SECOND,
    draw_strip,
    first_request_ns,
    time_range,
    timed_phases,
)
from leakbench_report.charts.thinning import thinned

BODY_INCHES, NARROW_BODY_INCHES = 2.75, 2.4
STRIP_ROW_INCHES, NARROW_STRIP_ROW_INCHES, STRIP_GAP_INCHES = 0.38, 0.44, 0.15
TABLE_ROWS = 16
TIME_TITLE = "time since the first request [s]"
LAST_SAMPLE_HOLDS = 0.1  # seconds
# Seconds that a line of counts goes on without one: what takes a server 10 ms is counted about once
# a second.
LONGEST_GAP = 2.0
BOLD_POINTS, THIN_POINTS = 1000, 6000  # of the bold line, and of all thin lines together
HOW_TO_READ = (
    "0 s: first request; the warm-up before it is not shown. "
    "Strip: load solid, drain hatched, else pale."
)
SELDOM = "A line joins what was counted; it breaks where nothing was for over 2 s."


@dataclass
class Line:
    """What was sampled in one repetition, in seconds from its first request."""

    repetition: object
    xs: list
    ys: list  # nan where not measured, so that the line breaks there
    holds: float = LAST_SAMPLE_HOLDS  # seconds for which the last value is taken to stand

    def measured(self):
        return [y for y in self.ys if not math.isnan(y)]

    def at(self, x):
        """Returns the last value that was sampled up to `x`, None outside the line and where
        nothing was measured."""
        index = bisect_right(self.xs, x) - 1
        if index < 0 or x > self.xs[-1] + self.holds or math.isnan(self.ys[index]):
            return None
        return self.ys[index]


class Timeline:
    """A chart over time that is being drawn. `line_of` gives the line of a repetition, `what` says
    what it shows; `names` is the number of lines of an arm that get a name. Only `limits` are
    shown, in seconds, the whole time without them. `body` is the height of the axes, and `below`
    that of what stands under them, in inches."""

    def __init__(
        self, medium, run, line_of, what, names, how_to_read, limits=None, body=None, below=0.0
    ):
        self.medium = medium
        self.run = run
        self.how_to_read = f"{how_to_read}\n{HOW_TO_READ}"
        self.lines = {arm: [line_of(rep) for rep in run.repetitions_of(arm)] for arm in run.arms()}
        self.lines = {arm: [l for l in lines if l.measured()] for arm, lines in self.lines.items()}
        if not any(self.lines.values()):
            raise NothingToDraw(f"no complete repetition has samples of {what}")
        self.looks = style.looks_of(run.arms())
        self.bold = {arm: middle_one(lines) for arm, lines in self.lines.items()}
        self.limits = limits or time_range(run.repetitions)
        names *= len(self.looks)
        least = NARROW_BODY_INCHES if medium.narrow else BODY_INCHES
        self.body = body or frame.body_for_names(medium, least, names)
        self.add_axes(names, below)

    def add_axes(self, names, below):
        row = NARROW_STRIP_ROW_INCHES if self.medium.narrow else STRIP_ROW_INCHES
        strip_height = len(self.looks) * row
        self.figure, self.axes = frame.new_axes(
            self.medium,
            self.body,
            names,
            self.how_to_read,
            above=strip_height + STRIP_GAP_INCHES,
            below=below,
        )
        left, _, width, _ = frame.inches_of(self.axes)
        top = frame.heading_height(self.medium, self.how_to_read)
        self.strip = frame.add_axes(
            self.figure, left, top, width, strip_height, sharex=self.axes
        )
        self.axes.set_xlim(self.limits)

    def draw_lines(self):
        """Draws the line of every repetition, the middle one of each arm bold."""
        thin = sum(map(len, self.lines.values())) - sum(map(bool, self.bold.values()))
        for arm, lines in self.lines.items():
            for line in lines:
                if line is self.bold[arm]:
                    self.draw(line, arm, BOLD_POINTS, linewidth=2.2)
                else:
                    self.draw(line, arm, THIN_POINTS // thin, linewidth=0.8, alpha=0.55)

    def draw(self, line, arm, points, axes=None, **options):
        plot(axes or self.axes, self.looks[arm], line, points, **options)

    def finish(self, title, labels, whole=True):
        """Sets limits and ticks, and then what is placed by them. `whole`: what is shown is a
        number without a fraction."""
        axes = self.axes
        axes.set_ylim(0, max(axes.dataLim.ymax * 1.15, 1))
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=whole))
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value:,.0f}" if whole else f"{value:g}")
        )
        axes.grid(axis="y")
        frame.name_y_axis(self.medium, axes, title)
        self.finish_time(axes)
        style.name_lines(self.medium, axes, labels)

    def finish_time(self, lowest):
        """Names the time below the `lowest` axes, and draws the strip above all."""
        self.axes.set_xlim(self.limits)
        lowest.set_xlabel(TIME_TITLE)
        draw_strip(self.medium, self.strip, self.looks, self.bold)

    def label(self, arm, name, line, write, dash=None):
        """Returns the name of a line with its last value; `dash` where it is not the arm's."""
        look = replace(self.looks[arm], dash=dash or self.looks[arm].dash)
        if line is None or not line.measured():
            return style.Label(0, name, "not measured", look)
        last = line.measured()[-1]
        return style.Label(last, name, f"{write(last)} at the end", look)

    def table(self, columns, write):
        """Returns the table of `columns`, {title: line or None}, at regular times."""
        rows = [
            [time, *(line.at(time) if line else None for line in columns.values())]
            for time in table_times(self.limits[1])
        ]
        titles = [("time [s]", "{:g}".format), *((title, write) for title in columns)]
        return Table(titles, rows)


def plot(axes, look, line, points, **options):
    """Draws `line` with about `points` points at the most. A point between two gaps gets a marker,
    since no line would be seen of it."""
    xs, ys = thinned(line.xs, line.ys, points)
    options = {"color": look.color, "linestyle": look.dash, **options}
    axes.plot(xs, ys, **options)
    if alone := lone_points(ys):
        size = 3 + options["linewidth"]
        axes.plot(
            [xs[index] for index in alone], [ys[index] for index in alone],
            **{**options, "linestyle": "none"}, marker=look.marker, markersize=size,
            markeredgewidth=0,
        )


def lone_points(ys):
    """Returns the places of points between two gaps."""
    padded = [math.nan, *ys, math.nan]
    return [
        index
        for index, (before, y, after) in enumerate(zip(padded, ys, padded[2:]))
        if math.isnan(before) and math.isnan(after) and not math.isnan(y)
    ]


def middle_one(lines):
    """Returns the line whose mean is the median of all means, None when there are no lines."""
    ordered = sorted(lines, key=lambda line: fmean(line.measured()))
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def samples_of(repetition):
    """Returns the samples from the first connect or load to the end, and when the first request
    was sent."""
    phases = timed_phases(repetition)
    if not phases:
        return [], 0
    start = phases[0]["start_ns"]
    return [s for s in repetition.samples if s["t_ns"] >= start], first_request_ns(phases)


def column_line(repetition, column, scale):
    """Returns the line of one column of the samples, divided by `scale`."""
    samples, zero = samples_of(repetition)
    values = [sample[column] for sample in samples]
    return Line(
        repetition,
        [(sample["t_ns"] - zero) / SECOND for sample in samples],
        [math.nan if value is None else value / scale for value in values],
    )


def counted_line(repetition, column, scale, more=()):
    """Returns the line of a column that the server itself counts. Counting may cost it so much
    that it is asked for it in few of the samples: the line goes from one count to the next, and
    breaks only where they are more than LONGEST_GAP apart. `more` are counts beside the samples,
    as (seconds, count), which it has where samples are without one."""
    line = column_line(repetition, column, scale)
    points = [(x, y) for x, y in zip(line.xs, line.ys) if not math.isnan(y)]
    if points and len(points) < len(line.xs):
        points = sorted([*points, *((x, count / scale) for x, count in more)])
    counted = Line(repetition, [], [])
    for x, y in points:
        if counted.xs and x - counted.xs[-1] > LONGEST_GAP:
            counted.xs.append(counted.xs[-1] + LONGEST_GAP)
            counted.ys.append(math.nan)
        counted.xs.append(x)
        counted.ys.append(y)
    if counted.xs:
        end = max(line.xs[-1] - counted.xs[-1], 0) + LAST_SAMPLE_HOLDS
        counted.holds = min(end, LONGEST_GAP)
    return counted


def seldom_counted(run, column):
    """Returns whether lines of this column join samples, or break, in a way to be explained."""
    lines = [column_line(repetition, column, 1) for repetition in run.repetitions]
    return any(
        line.measured() and len(line.measured()) < len(line.ys) or has_gap(line) for line in lines
    )


def has_gap(line):
    known = [x for x, y in zip(line.xs, line.ys) if not math.isnan(y)]
    return any(after - before > LONGEST_GAP for before, after in zip(known, known[1:]))


def with_seldom(how_to_read, run, column):
    """Returns how to read a chart of counted lines."""
    return f"{how_to_read}\n{SELDOM}" if seldom_counted(run, column) else how_to_read


def table_times(end):
    """Returns round times from 0 to `end` seconds, as many as a table should have rows."""
    power = 10.0 ** math.floor(math.log10(max(end, 1e-3) / TABLE_ROWS))
    step = next(power * f for f in (1, 2, 5, 10) if end / (power * f) < TABLE_ROWS)
    return [round(step * index, 6) for index in range(math.floor(end / step) + 1)]
