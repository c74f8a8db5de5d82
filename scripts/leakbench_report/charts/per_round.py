"""What is left after each round of the same process: whether it grows from round to round."""

from dataclasses import dataclass
from statistics import median

from matplotlib.ticker import FuncFormatter, MaxNLocator

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.medians import clauses, median_of
from leakbench_report.theil_sen import CONFIDENCE, interval_of, slope_of

BODY_INCHES, NARROW_BODY_INCHES = 2.9, 2.3
LINES_OF_A_NAME = 3
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Kind:
    """One metric at the end of every round."""

    metric: str
    name: str  # beside the arm, where a chart has several kinds
    hollow: bool = False


def draw_tasks_per_round(run, medium):
    return draw_per_round(
        run, medium, [Kind("live_tasks_settled", "")], "Live tasks left after each round",
        "live tasks", 1, humanize.count,
    )


def draw_memory_per_round(run, medium):
    kinds = [
        Kind("memory_settled_bytes", "RSS"), Kind("heap_in_use_settled_bytes", "heap", hollow=True)
    ]
    return draw_per_round(
        run, medium, kinds, "Memory left after each round", "memory of the server [MiB]",
        MEBIBYTE, lambda value: humanize.metric("_bytes", value * MEBIBYTE),
    )


def draw_per_round(run, medium, kinds, title, axis_title, scale, write):
    check_rounds(run)
    values = {
        (arm, kind): per_round(run, arm, kind.metric, scale) for arm in run.arms() for kind in kinds
    }
    if not any(rounds for by_repetition in values.values() for rounds in by_repetition):
        raise NothingToDraw(f"no complete repetition has {' or '.join(k.metric for k in kinds)}")
    how_to_read = how(kinds)
    least = NARROW_BODY_INCHES if medium.narrow else BODY_INCHES
    body = frame.body_for_names(medium, least, LINES_OF_A_NAME / 2 * len(values))
    figure, axes = frame.new_axes(medium, body, len(values), how_to_read)
    looks = style.looks_of(run.arms())
    labels = [
        draw_kind(axes, looks[arm], f"{style.short(arm)} {kind.name}".strip(), kind, found, write)
        for (arm, kind), found in values.items()
    ]
    finish(medium, axes, axis_title, labels)
    return Chart(
        figure, title, how_to_read,
        clauses(run, lambda arm: describe(arm, kinds, values, write)),
        table_of(values, write),
    )


def check_rounds(run):
    most = max((len(rep.report["rounds"]) for rep in run.repetitions), default=0)
    if most == 0:
        raise NothingToDraw("no complete repetition has rounds")
    if most == 1:
        raise NothingToDraw("each repetition has one round; growth shows from two on")


def how(kinds):
    marks = "Filled: resident; hollow: heap in use. " if len(kinds) > 1 else ""
    return (
        f"{marks}A mark per repetition, at the end of each round.\n"
        f"Line: their median growth (Theil and Sen), in brackets its {100 * CONFIDENCE:g} % interval."
    )


def per_round(run, arm, metric, scale):
    """Returns {round: value} of each repetition of `arm`, in units of `scale`."""
    return [
        {
            entry["round"]: entry["metrics"][metric] / scale
            for entry in repetition.report["rounds"]
            if entry["metrics"][metric] is not None
        }
        for repetition in run.repetitions_of(arm)
    ]


def draw_kind(axes, look, name, kind, found, write):
    """Draws the marks of all repetitions and their line; returns the label of its end."""
    for rounds in found:
        axes.plot(
            list(rounds), list(rounds.values()), color=look.color, linestyle="none",
            marker=look.marker, markersize=6, alpha=0.8, clip_on=False,
            markerfacecolor="white" if kind.hollow else look.color,
        )
    line_look = style.second(look) if kind.hollow else look
    slope = slope_of(found)
    if slope is None:
        return style.Label(0, name, "not measured", line_look)
    xs = sorted(set().union(*found))
    offset = median(y - slope * x for rounds in found for x, y in rounds.items())
    ends = [xs[0], xs[-1]]
    ys = [offset + slope * x for x in ends]
    axes.plot(ends, ys, color=look.color, linestyle=line_look.dash, linewidth=1.6)
    value = f"{growth(slope, write)} a round\n{interval_text(found, write)}".strip()
    return style.Label(ys[-1], name, value, line_look)


def growth(slope, write):
    return f"{'+' if slope > 0 else ''}{write(slope)}"


def interval_text(found, write):
    """Returns "[+296, +304]", "" where there are too few rounds for an interval."""
    interval = interval_of(found)
    return f"[{', '.join(growth(end, write) for end in interval)}]" if interval else ""


def describe(arm, kinds, values, write):
    parts = []
    for kind in kinds:
        found = values[arm, kind]
        slope = slope_of(found)
        if slope is None:
            parts.append(f"{kind.name} not measured".strip())
            continue
        text = f"{kind.name} {growth(slope, write)} a round {interval_text(found, write)}".strip()
        slopes = [each for each in map(slope_of, ([rounds] for rounds in found)) if each is not None]
        low, high = (growth(end, write) for end in (min(slopes), max(slopes)))
        if low != high:
            text += f" ({low} to {high} over {len(slopes)} repetitions)"
        parts.append(text)
    return ", ".join(parts)


def table_of(values, write):
    """Returns the table of medians over the repetitions, round by round."""
    numbers = sorted(set().union(*(rounds for found in values.values() for rounds in found)))
    rows = [
        [number, *(median_of(rounds.get(number) for rounds in f) for f in values.values())]
        for number in numbers
    ]
    titles = [(f"{arm} {kind.name}".strip(), write) for arm, kind in values]
    return Table([("round", str), *titles], rows)


def finish(medium, axes, title, labels):
    axes.set_ylim(0, max(axes.dataLim.ymax * 1.15, 1))
    axes.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("round")
    axes.grid(axis="y")
    frame.name_y_axis(medium, axes, title)
    style.name_lines(medium, axes, labels)
