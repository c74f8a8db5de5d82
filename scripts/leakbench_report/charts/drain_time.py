"""Time from the last response until the last task has ended, a dot for each round."""

from dataclasses import dataclass
from statistics import median

from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.rows import TEXT_SIZE, new_axes
from leakbench_report.charts.ticks import apart, round_numbers
from leakbench_report.medians import clauses

TICK_INCHES = 0.6  # as wide as "100 ms" and a little
HOW_TO_READ = "A dot for each round of each repetition; the bar is their median."


@dataclass
class Row:
    arm: str
    values: list  # nanoseconds, one for each round of each repetition; None where not measured
    missing: str = "not measured"  # what a None means

    def known(self):
        return [value for value in self.values if value is not None]

    def text(self):
        """Returns "5.09 s (5.08 s to 5.13 s)", and how many values are missing."""
        known = self.known()
        parts = []
        if known:
            low, middle, high = map(humanize.duration, (min(known), median(known), max(known)))
            parts.append(middle if low == high else f"{middle} ({low} to {high})")
        missing = len(self.values) - len(known)
        if missing:
            parts.append(self.missing if not known else f"{self.missing} in {missing}")
        return ", ".join(parts) or self.missing


def draw_drain_time(run, medium):
    rows = [row_of(run, arm) for arm in run.arms()]
    known = [value for row in rows for value in row.known()]
    if not known:
        raise NothingToDraw(
            "no complete repetition has measured the time from the last response until no task is "
            "left"
        )
    figure, axes = new_axes(medium, len(rows), HOW_TO_READ)
    looks = style.looks_of(run.arms())
    set_scale(medium, axes, known)
    for index, row in enumerate(rows):
        draw_row(axes, index, row, looks[row.arm])
    axes.set_ylim(len(rows) - 0.35, -0.75)
    axes.set_xlabel("time from the last response until no task is left")
    texts = {row.arm: row.text() for row in rows}
    return Chart(
        figure,
        "Time until the last task has ended",
        HOW_TO_READ,
        clauses(run, texts.__getitem__),
        table_of(rows),
    )


def row_of(run, arm):
    """Tells a server that did not drain from one whose tasks were not counted."""
    rounds = [entry for rep in run.repetitions_of(arm) for entry in rep.report["rounds"]]
    gave_up = any(entry["drained"] is False for entry in rounds)
    values = [entry["metrics"]["drain_time_ns"] for entry in rounds]
    return Row(arm, values, "not drained" if gave_up else "not measured")


def set_scale(medium, axes, known):
    """A logarithmic scale, since the arms may differ by orders of magnitude; 0 has no place on
    that."""
    low, high = min(known), max(known)
    if low <= 0:
        axes.set_xlim(0, max(high, 1) * 1.05)
        axes.xaxis.set_major_locator(MaxNLocator(4 if medium.narrow else 8, steps=[1, 2, 5, 10]))
    else:
        axes.set_xscale("log")
        axes.set_xlim(low / 1.6, high * 1.6)
        ticks = apart(axes, round_numbers(*axes.get_xlim()), TICK_INCHES)
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: humanize.duration(value)))


def draw_row(axes, index, row, look):
    known = row.known()
    if known:
        axes.plot(
            known, [index] * len(known), color=look.color, linestyle="none", marker=look.marker,
            markersize=7, alpha=0.75, markeredgewidth=1.4, clip_on=False,
        )
        axes.vlines(median(known), index - 0.24, index + 0.24, color=look.color, linewidth=2.2)
    axes.annotate(
        f"{style.short(row.arm)}: {row.text()}", (frame.from_left_edge(axes, 0.08), index - 0.42),
        xycoords=("axes fraction", "data"), size=TEXT_SIZE, color=look.color, va="center",
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def table_of(rows):
    """Returns a row of the table for each dot of an arm, in run order."""
    table = [
        [row.arm, number, value]
        for row in rows
        for number, value in enumerate(row.values, start=1)
    ]
    return Table([("arm", str), ("round", str), ("time", humanize.duration)], table)
