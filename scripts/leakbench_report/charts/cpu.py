"""CPU of the server over time, in cores."""

import math

from leakbench_report import humanize
from leakbench_report.charts import Chart, style
from leakbench_report.charts.phases import SECOND
from leakbench_report.charts.timeline import Line, Timeline, samples_of
from leakbench_report.medians import clauses, in_words

WINDOW = 90_000_000  # nanoseconds: two samples at the usual 50 ms between them


def draw_cpu(run, medium):
    timeline = Timeline(
        medium,
        run,
        cores_used,
        "CPU time",
        names=1,
        how_to_read="Bold: the repetition whose mean is the median; thin: the others. "
        "Each point is the mean of the last 0.1 s or so.",
    )
    draw_allotted(timeline, run.repetitions)
    labels = [
        timeline.label(arm, style.short(arm), line, cores) for arm, line in timeline.bold.items()
    ]
    timeline.finish("CPU of the server [cores]", labels, whole=False)
    return Chart(
        timeline.figure,
        "CPU of the server over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(run, arm)),
        timeline.table(timeline.bold, cores),
    )


def describe(run, arm):
    percent, each = (in_words(run, arm, name) for name in ("cpu_percent", "cpu_ns_per_request"))
    return f"{percent} of a core under load, {each} a request to the end of the round"


def cores(value):
    return f"{value:.2f} cores"


def cores_used(repetition):
    """Returns the line of the CPU time spent in each WINDOW or more, divided by its length: from
    one sample to the next it would show what beats between sampling and the server's own steps."""
    samples, zero = samples_of(repetition)
    line = Line(repetition, [], [])
    before = samples[0] if samples else None
    for sample in samples:
        length = sample["t_ns"] - before["t_ns"]
        if length >= WINDOW:
            line.xs.append((sample["t_ns"] - zero) / SECOND)
            line.ys.append(spent(before["cpu_ns"], sample["cpu_ns"]) / length)
            before = sample
    return line


def spent(before, after):
    """Returns nan where it was not measured, or where the count went back: another process."""
    return math.nan if before is None or after is None or after < before else after - before


def draw_allotted(timeline, repetitions):
    """Draws how many cores the server was bound to, where all repetitions agree."""
    allotted = {len(repetition.report["target"]["cores"]) for repetition in repetitions}
    if len(allotted) > 1 or 0 in allotted:
        return
    (limit,) = allotted
    timeline.axes.axhline(limit, color=style.GREY, linestyle=(0, (1, 2)), linewidth=1)
    timeline.axes.annotate(
        f"bound to {humanize.count(limit)} {'core' if limit == 1 else 'cores'}",
        (1, limit), (0, 3), xycoords=("axes fraction", "data"), textcoords="offset points",
        ha="right", size=8, color=style.GREY,
    )
