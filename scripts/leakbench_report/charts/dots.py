"""Values as dots, one for each round or repetition: drain time, pauses, CPU under load."""

from dataclasses import dataclass
from statistics import median

from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.charts.ticks import apart, round_numbers
from leakbench_report.medians import clauses

ROW_INCHES = 0.56
SIDE_INCHES = 0.35  # left and right of the axes: half a tick label
BOTTOM_INCHES = 0.6
TEXT_SIZE = 9  # points
TICK_INCHES = 0.6  # as wide as "100 ms" and a little
# Heartbeats that beat beside the scheduler's, and what a row of theirs is called.
OTHER_BEATS = {"os_thread": "thread p99", "idle_process": "idle process p99"}
HOW_TO_READ = "A dot for each round of each repetition; the bar is their median."


@dataclass
class Row:
    arm: str
    name: str  # of the metric, behind that of the arm; "" where there is one metric
    values: list  # nanoseconds, one for each round of each repetition; None where not measured
    hollow: bool = False
    missing: str = "not measured"  # what a None means
    write: object = humanize.duration

    def known(self):
        return [value for value in self.values if value is not None]

    def text(self):
        """Returns "5.09 s (5.08 s to 5.13 s)", and how many values are missing."""
        known = self.known()
        parts = []
        if known:
            low, middle, high = map(self.write, (min(known), median(known), max(known)))
            parts.append(middle if low == high else f"{middle} ({low} to {high})")
        missing = len(self.values) - len(known)
        if missing:
            parts.append(self.missing if not known else f"{self.missing} in {missing}")
        return ", ".join(parts) or self.missing


def draw_drain_time(run, medium):
    rows = [
        Row(arm, "", values_of(run, arm, "drain_time_ns"), missing=not_drained(run, arm))
        for arm in run.arms()
    ]
    return draw_dots(
        run, medium, rows, "Time until the last task has ended",
        "time from the last response until no task is left", HOW_TO_READ,
    )


def not_drained(run, arm):
    """Tells a server that did not drain from one whose tasks were not counted."""
    rounds = [entry for rep in run.repetitions_of(arm) for entry in rep.report["rounds"]]
    gave_up = any(entry["drained"] is False for entry in rounds)
    return "not drained" if gave_up else "not measured"


def draw_pause(run, medium):
    rows = []
    beats = {(arm, beat): beats_of(run, arm, beat) for arm in run.arms() for beat in OTHER_BEATS}
    beside = any(value is not None for values in beats.values() for value in values)
    for arm in run.arms():
        rows.append(Row(arm, "p99", values_of(run, arm, "pause_p99_ns")))
        rows.append(Row(arm, "longest", values_of(run, arm, "pause_max_ns"), hollow=True))
        if beside:
            rows += [Row(arm, name, beats[arm, beat]) for beat, name in OTHER_BEATS.items()]
    others = "\nThread: of the server, idle process: of nobody; only the kernel schedules them."
    return draw_dots(
        run, medium, rows, "Pauses of the scheduler",
        "lateness of the heartbeat",
        "How late a heartbeat in the server's scheduler came, from first request to last response; "
        f"not a collector's pause.{others if beside else ''}\nFilled: 99th percentile; hollow: "
        f"longest. {HOW_TO_READ}",
    )


def beats_of(run, arm, beat):
    """Returns the 99th percentile of another heartbeat in each round of each repetition."""
    rounds = [entry for rep in run.repetitions_of(arm) for entry in rep.report["rounds"]]
    found = [(entry.get("pauses") or {}).get(beat) for entry in rounds]
    return [each["p99_ns"] if each else None for each in found]


def values_of(run, arm, metric):
    repetitions = run.repetitions_of(arm)
    return [entry["metrics"][metric] for rep in repetitions for entry in rep.report["rounds"]]


def draw_dots(run, medium, rows, title, axis_title, how_to_read, each="round"):
    known = [value for row in rows for value in row.known()]
    if not known:
        raise NothingToDraw(f"no complete repetition has measured the {axis_title}")
    figure, axes = new_axes(medium, len(rows), how_to_read)
    looks = style.looks_of(run.arms())
    set_scale(medium, axes, known, rows[0].write)
    for index, row in enumerate(rows):
        draw_row(axes, index, row, looks[row.arm])
    axes.set_ylim(len(rows) - 0.35, -0.75)
    axes.set_xlabel(axis_title)
    return Chart(figure, title, how_to_read, clauses(run, describe(rows)), table_of(rows, each))


def new_axes(medium, rows, how_to_read):
    top = frame.heading_height(medium, how_to_read)
    body = rows * ROW_INCHES
    figure = style.new_figure(medium, top + body + BOTTOM_INCHES)
    width = medium.width - 2 * SIDE_INCHES
    axes = frame.add_axes(figure, SIDE_INCHES, top, width, body)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.grid(axis="x")
    return figure, axes


def set_scale(medium, axes, known, write):
    """Durations on a logarithmic scale, since the arms may differ by orders of magnitude; 0 has no
    place on that, and what is no duration begins there."""
    low, high = min(known), max(known)
    if low <= 0 or write is not humanize.duration:
        axes.set_xlim(0, max(high, 1) * 1.05)
        axes.xaxis.set_major_locator(MaxNLocator(4 if medium.narrow else 8, steps=[1, 2, 5, 10]))
    else:
        axes.set_xscale("log")
        axes.set_xlim(low / 1.6, high * 1.6)
        ticks = apart(axes, round_numbers(*axes.get_xlim()), TICK_INCHES)
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def draw_row(axes, index, row, look):
    known = row.known()
    if known:
        axes.plot(
            known, [index] * len(known), color=look.color, linestyle="none", marker=look.marker,
            markersize=7, alpha=0.75, markeredgewidth=1.4, clip_on=False,
            markerfacecolor="white" if row.hollow else look.color,
        )
        axes.vlines(median(known), index - 0.24, index + 0.24, color=look.color, linewidth=2.2)
    name = f"{style.short(row.arm)} {row.name}".strip()
    axes.annotate(
        f"{name}: {row.text()}", (frame.from_left_edge(axes, 0.08), index - 0.42),
        xycoords=("axes fraction", "data"), size=TEXT_SIZE, color=look.color, va="center",
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def describe(rows):
    def of_arm(arm):
        texts = [(row.name, row.text()) for row in rows if row.arm == arm]
        return ", ".join(f"{name} {text}".strip() for name, text in texts)

    return of_arm


def table_of(rows, each):
    """Returns a row of the table for each dot of an arm, in run order."""
    columns = [("arm", str), (each, str)]
    columns += [(row.name or "time", row.write) for row in {row.name: row for row in rows}.values()]
    table = []
    for arm in dict.fromkeys(row.arm for row in rows):
        values = [row.values for row in rows if row.arm == arm]
        table += [[arm, number, *dots] for number, dots in enumerate(zip(*values), start=1)]
    return Table(columns, table)
