"""Live tasks and memory over time, below a strip that marks load and drain of each arm."""

import math
from dataclasses import dataclass
from statistics import fmean, median

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import NothingToDraw, style

SECOND = 1e9
MEBIBYTE = 2**20
HEAP_DASH = (0, (1, 1.2))
STRIP_ROW_INCHES = 0.38
PHASE_NAME_SIZE = 8  # points
LEFT, RIGHT, BOTTOM, TOP = 0.85, 2.0, 0.55, 0.85  # margins, inches
EDGES = ("start_ns", "end_ns")
PHASE_FILLS = {
    "connect": {"facecolor": style.PALE_GREY},
    "load": {},  # the colour of the arm
    "drain": {"facecolor": "white", "hatch": "//////"},
    "settle": {"facecolor": style.PALE_GREY},
}
HOW_TO_READ = (
    "0 s: first request; the warm-up before it is not shown. "
    "Strip: load solid, drain hatched, else pale."
)


@dataclass
class Line:
    """One column of the samples of one repetition, in seconds from its first request."""

    repetition: object
    xs: list
    ys: list  # nan where not measured, so that the line breaks there

    def measured(self):
        return [y for y in self.ys if not math.isnan(y)]


def draw_live_tasks(run):
    """Returns the figure of live tasks over time and a sentence that describes it."""
    looks = looks_when_sampled(run, "live_tasks", "live tasks")
    figure, strip, axes = new_timeline(len(looks))
    bold = {arm: draw_arm(run, axes, arm, looks[arm], "live_tasks", 1) for arm in looks}
    labels = [end_label(style.short(arm), looks[arm], bold[arm], humanize.count) for arm in looks]
    for arm, line in bold.items():
        if line:
            mark_last_responses(axes, looks[arm], line.repetition)
    finish(axes, "live tasks", time_range(run.repetitions), labels)
    draw_strip(strip, looks, bold)
    style.heading(
        figure,
        "Live tasks over time",
        f"Bold: the repetition whose mean is the median; thin: the others.\n{HOW_TO_READ}",
    )
    return figure, f"Live tasks over time: {', '.join(looks)}"


def draw_memory(run):
    """Returns the figure of memory over time and a sentence that describes it."""
    looks = looks_when_sampled(run, "rss_bytes", "resident memory")
    figure, strip, axes = new_timeline(len(looks))
    bold = {arm: draw_arm(run, axes, arm, looks[arm], "rss_bytes", MEBIBYTE) for arm in looks}
    labels = []
    for arm, look in looks.items():
        heap = draw_heap(axes, look, bold[arm])
        labels.append(end_label(f"{style.short(arm)} RSS", look, bold[arm], mebibytes))
        labels.append(end_label(f"{style.short(arm)} heap", look, heap, mebibytes))
    finish(axes, "memory of the server [MiB]", time_range(run.repetitions), labels)
    draw_strip(strip, looks, bold)
    style.heading(
        figure,
        "Memory over time",
        "Bold: RSS (resident memory) of the repetition whose mean is the median; dotted: its heap "
        f"in use; thin: the others.\n{HOW_TO_READ}",
    )
    return figure, f"Memory over time, resident and heap in use: {', '.join(looks)}"


def mebibytes(value):
    return f"{value:,.1f} MiB"


def looks_when_sampled(run, column, title):
    """Returns the look of every arm; raises NothingToDraw when `column` was sampled in none."""
    lines = [line_of(repetition, column, 1) for repetition in run.repetitions]
    if not any(line.measured() for line in lines):
        raise NothingToDraw(f"no complete repetition has samples of {title}")
    return style.looks_of(run.arms())


def new_timeline(rows):
    """Returns a figure with the strip of `rows` arms and, below it, the axes over time."""
    height = 4.3 + rows * STRIP_ROW_INCHES
    figure = style.new_figure(height)
    width = 1 - (LEFT + RIGHT) / style.WIDTH_INCHES
    strip_height = rows * STRIP_ROW_INCHES / height
    strip_bottom = 1 - TOP / height - strip_height
    bottom = BOTTOM / height
    left = LEFT / style.WIDTH_INCHES
    axes = figure.add_axes((left, bottom, width, strip_bottom - 0.15 / height - bottom))
    strip = figure.add_axes((left, strip_bottom, width, strip_height), sharex=axes)
    return figure, strip, axes


def line_of(repetition, column, scale):
    """Returns `column` divided by `scale`, from the first connect or load to the end."""
    phases = timed_phases(repetition)
    if not phases:
        return Line(repetition, [], [])
    start, zero = phases[0]["start_ns"], first_request_ns(phases)
    samples = [sample for sample in repetition.samples if sample["t_ns"] >= start]
    xs = [(sample["t_ns"] - zero) / SECOND for sample in samples]
    values = [sample[column] for sample in samples]
    return Line(repetition, xs, [math.nan if y is None else y / scale for y in values])


def timed_phases(repetition):
    """Returns the phases after the warm-up, or none when there was no load."""
    phases = [phase for phase in repetition.report["phases"] if phase["name"] != "warm-up"]
    return phases if any(phase["name"] == "load" for phase in phases) else []


def first_request_ns(phases):
    return min(phase["start_ns"] for phase in phases if phase["name"] == "load")


def draw_arm(run, axes, arm, look, column, scale):
    """Draws a line per repetition and returns the bold one, or None when nothing was sampled."""
    lines = [line_of(repetition, column, scale) for repetition in run.repetitions_of(arm)]
    lines = [line for line in lines if line.measured()]
    if not lines:
        return None
    bold = sorted(lines, key=lambda line: fmean(line.measured()))[(len(lines) - 1) // 2]
    for line in lines:
        width, alpha = (2.2, 1) if line is bold else (0.8, 0.55)
        axes.plot(
            line.xs, line.ys, color=look.color, linestyle=look.dash, linewidth=width, alpha=alpha
        )
    return bold


def draw_heap(axes, look, line):
    """Draws the heap in use of the repetition of `line` and returns that line, or None."""
    if line is None:
        return None
    heap = line_of(line.repetition, "heap_in_use_bytes", MEBIBYTE)
    axes.plot(heap.xs, heap.ys, color=look.color, linestyle=HEAP_DASH, linewidth=1.8)
    return heap


def end_label(title, look, line, text_of):
    """Returns the label at the end of `line`: its title and last value."""
    if line is None or not line.measured():
        return 0, f"{title}\nnot measured", look.color
    last = line.measured()[-1]
    return last, f"{title}\n{text_of(last)} at the end", look.color


def mark_last_responses(axes, look, repetition):
    """Puts a marker on the live tasks at the last response of each round."""
    phases = timed_phases(repetition)
    ends = {phase["round"]: phase["end_ns"] for phase in phases if phase["name"] == "load"}
    zero = first_request_ns(phases)
    rounds = repetition.report["rounds"]
    for entry in rounds:
        tasks = entry["metrics"]["live_tasks_after"]
        if tasks is None or entry["round"] not in ends:
            continue
        x = (ends[entry["round"]] - zero) / SECOND
        axes.plot(
            [x], [tasks], color=look.color, marker=look.marker, markersize=7,
            markeredgecolor="white", clip_on=False, zorder=4,
        )
        if entry is rounds[0]:
            of_round = " of round 1" if len(rounds) > 1 else ""
            text = f"{humanize.count(tasks)} at the last response{of_round}"
            axes.annotate(
                text, (x, tasks), (0, 8),
                textcoords="offset points", size=9, color=look.color, zorder=5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
            )


def time_range(repetitions):
    """Returns the first and the last moment to show, in seconds from the first request."""
    edges = []
    for repetition in repetitions:
        phases = timed_phases(repetition)
        edges += [seconds(phases, phase, edge) for phase in phases for edge in EDGES]
    return min(edges), max(edges)


def seconds(phases, phase, edge):
    return (phase[edge] - first_request_ns(phases)) / SECOND


def finish(axes, title, limits, labels):
    """Sets limits and ticks, and then the labels whose places depend on them."""
    axes.set_xlim(limits)
    axes.set_ylim(0, max(axes.dataLim.ymax * 1.15, 1))
    axes.set_xlabel("time since the first request [s]")
    axes.set_ylabel(title)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(axis="y")
    style.label_line_ends(axes, labels)


def draw_strip(strip, looks, bold):
    """Draws one row of phases per arm, those of its bold repetition."""
    strip.set_ylim(len(looks) - 0.5, -0.5)
    strip.set_axis_off()
    for row, (arm, look) in enumerate(looks.items()):
        text = style.short(arm)
        if bold[arm]:
            text += f"\n{phase_lengths(bold[arm].repetition)}"
            draw_phases(strip, row, look, timed_phases(bold[arm].repetition))
        strip.annotate(
            text, (1, row), (6, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", size=8, color=look.color, va="center",
        )


def draw_phases(strip, row, look, phases):
    for phase in phases:
        start, end = (seconds(phases, phase, edge) for edge in EDGES)
        fill = {"facecolor": look.color, **PHASE_FILLS[phase["name"]]}
        strip.barh(
            row, end - start, left=start, height=0.62, linewidth=0.8, edgecolor=look.color, **fill
        )
        if has_room(strip, phase["name"], end - start):
            name_phase(strip, phase["name"], (start + end) / 2, row)


def has_room(strip, name, length):
    begin, end = strip.get_xlim()
    width = length / (end - begin) * (style.WIDTH_INCHES - LEFT - RIGHT)
    return width > (len(name) + 2) * PHASE_NAME_SIZE * 0.6 / 72


def name_phase(strip, name, x, row):
    background = {"facecolor": "white", "edgecolor": "none", "pad": 1} if name == "drain" else None
    strip.text(
        x, row, name, size=PHASE_NAME_SIZE, color="white" if name == "load" else style.GREY,
        ha="center", va="center", bbox=background,
    )


def phase_lengths(repetition):
    """Returns "load 1.92 s, drain 5.01 s": medians over the rounds."""
    load, drain = (phase_length(repetition, name) for name in ("load", "drain"))
    drained = all(entry["drained"] is not False for entry in repetition.report["rounds"])
    return f"load {load}, " + (f"drain {drain}" if drained else f"not drained in {drain}")


def phase_length(repetition, name):
    phases = [phase for phase in timed_phases(repetition) if phase["name"] == name]
    lengths = [phase["end_ns"] - phase["start_ns"] for phase in phases]
    return humanize.duration(median(lengths)) if lengths else "n/a"
