"""CPU of the server and of the load generator over time, in cores."""

import math
from statistics import median

from leakbench_report import humanize
from leakbench_report.charts import Chart, style
from leakbench_report.charts.phases import SECOND
from leakbench_report.charts.timeline import BOLD_POINTS, Line, Timeline, samples_of
from leakbench_report.medians import clauses, in_words, median_of

WINDOW = 90_000_000  # nanoseconds: two samples at the usual 50 ms between them
# CPU time and load are read one after the other: of a shorter load the reading itself is percents.
SHORTEST_LOAD = 50_000_000  # nanoseconds
TOO_SHORT = "\nn/a: the load was shorter than 50 ms, too short for a mean over it."
HOW_TO_READ = (
    "Bold: the server in the repetition whose mean is the median; thin: in the others. {generator}"
    "\nA point is the mean of the last 0.1 s or so. Figures: mean from first request to last "
    "response."
)
GENERATOR = "Dotted: the load generator."
NO_GENERATOR = "The load generator was not sampled."


def draw_cpu(run, medium):
    sampled = any(rep.samples and generator_line(rep).measured() for rep in run.repetitions)
    how_to_read = HOW_TO_READ.format(generator=GENERATOR if sampled else NO_GENERATOR)
    if any(map(is_short, run.repetitions)):
        how_to_read += TOO_SHORT
    timeline = Timeline(
        medium,
        run,
        lambda repetition: cores_used(repetition, "cpu_ns"),
        "CPU time",
        names=2 if sampled else 1,
        how_to_read=how_to_read,
    )
    timeline.draw_lines()
    draw_bounds(timeline, run.repetitions, sampled)
    labels, columns = [], {}
    for arm, line in timeline.bold.items():
        look = timeline.looks[arm]
        labels.append(label_of(arm, "server", line, server_cores, look))
        columns[f"{arm} server"] = line
        if sampled:
            generator = draw_generator(timeline, arm, line)
            labels.append(
                label_of(arm, "generator", generator, generator_cores, style.second(look))
            )
            columns[f"{arm} generator"] = generator
    timeline.finish("CPU used [cores]", labels, whole=False)
    return Chart(
        timeline.figure,
        "CPU of server and load generator over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(run, arm)),
        timeline.table(columns, cores),
    )


def describe(run, arm):
    server, generator = (
        words_of(median_of(map(used, run.repetitions_of(arm))))
        for used in (server_cores, generator_cores)
    )
    each = in_words(run, arm, "cpu_ns_per_request")
    return (
        f"server {server} and generator {generator} under load, {each} of the server a request to "
        "the end of the round"
    )


def words_of(value):
    return "n/a" if value is None else cores(value)


def cores(value):
    return f"{value:.2f} cores"


def load_lengths(repetition):
    """Returns the time from first request to last response of each round, in nanoseconds."""
    loads = [phase for phase in repetition.report["phases"] if phase["name"] == "load"]
    return [phase["end_ns"] - phase["start_ns"] for phase in loads]


def is_short(repetition):
    lengths = load_lengths(repetition)
    return bool(lengths) and median(lengths) < SHORTEST_LOAD


def server_cores(repetition):
    percent = repetition.report["metrics"]["cpu_percent"]
    return None if percent is None or is_short(repetition) else percent / 100


def generator_cores(repetition):
    """Returns CPU time over wall time from first request to last response, over all rounds."""
    spent = repetition.report["load"]["generator"]["cpu_ns"]
    length = sum(load_lengths(repetition))
    return None if spent is None or not length or is_short(repetition) else spent / length


def label_of(arm, name, line, used, look):
    """Returns the name of a line with the mean under load of its repetition."""
    if line is None or not line.measured():
        return style.Label(0, style.short(arm), f"{name} not measured", look)
    value = words_of(used(line.repetition))
    return style.Label(line.measured()[-1], style.short(arm), f"{name} {value}", look)


def draw_generator(timeline, arm, line):
    """Draws the generator in the repetition of `line`; returns its line, or None."""
    if line is None:
        return None
    generator = generator_line(line.repetition)
    timeline.draw(generator, arm, BOLD_POINTS, linestyle=style.SECOND_DASH, linewidth=1.8)
    return generator


def generator_line(repetition):
    return cores_used(repetition, "generator_cpu_ns")


def cores_used(repetition, column):
    """Returns the line of the CPU time spent in each WINDOW or more, divided by its length: from
    one sample to the next it would show what beats between sampling and the process's own steps."""
    samples, zero = samples_of(repetition)
    line = Line(repetition, [], [])
    before = samples[0] if samples else None
    for sample in samples:
        length = sample["t_ns"] - before["t_ns"]
        if length >= WINDOW:
            line.xs.append((sample["t_ns"] - zero) / SECOND)
            line.ys.append(spent(before[column], sample[column]) / length)
            before = sample
    return line


def spent(before, after):
    """Returns nan where it was not measured, or where the count went back: another process."""
    return math.nan if before is None or after is None or after < before else after - before


def draw_bounds(timeline, repetitions, sampled):
    """Draws how many cores server and generator were bound to, where all repetitions agree."""
    names = {"cores": "server", "generator_cores": "generator"} if sampled else {"cores": "server"}
    bounds = {}
    for key, name in names.items():
        found = {len(repetition.report["target"][key]) for repetition in repetitions}
        if len(found) == 1 and 0 not in found:
            bounds.setdefault(found.pop(), []).append(name)
    for bound, bound_names in bounds.items():
        timeline.axes.axhline(bound, color=style.GREY, linestyle=(0, (1, 2)), linewidth=1)
        timeline.axes.annotate(
            f"{' and '.join(bound_names)} bound to {humanize.count(bound)} "
            f"{'core' if bound == 1 else 'cores'}{' each' if len(bound_names) > 1 else ''}",
            (1, bound), (0, 3), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", size=8, color=style.GREY,
        )
