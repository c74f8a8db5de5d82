"""The phases of a repetition, and the strip above a timeline that shows them."""

from statistics import median

from leakbench_report import humanize
from leakbench_report.charts import frame, style

SECOND = 1e9
NAME_SIZE = 8  # points
EDGES = ("start_ns", "end_ns")
FILLS = {
    "connect": {"facecolor": style.PALE_GREY},
    "load": {},  # the colour of the arm
    "drain": {"facecolor": "white", "hatch": "//////"},
    "settle": {"facecolor": style.PALE_GREY},
}


def timed_phases(repetition):
    """Returns the phases after the warm-up, or none when there was no load."""
    phases = [phase for phase in repetition.report["phases"] if phase["name"] != "warm-up"]
    return phases if any(phase["name"] == "load" for phase in phases) else []


def first_request_ns(phases):
    return min(phase["start_ns"] for phase in phases if phase["name"] == "load")


def time_range(repetitions):
    """Returns the first and the last moment to show, in seconds from the first request."""
    edges = []
    for repetition in repetitions:
        phases = timed_phases(repetition)
        edges += [seconds(phases, phase, edge) for phase in phases for edge in EDGES]
    return min(edges), max(edges)


def load_range(repetitions):
    """Returns the first and the last moment of the load, in seconds from the first request."""
    ends = [0.0]
    for repetition in repetitions:
        phases = timed_phases(repetition)
        ends += [seconds(phases, each, "end_ns") for each in phases if each["name"] == "load"]
    return 0.0, max(ends)


def drawn_phases(repetition):
    """Returns the phases as the strip shows them, without gaps: the drain goes from the last
    response for as long as was measured, and the harness's own work between two phases belongs to
    the pale one beside it."""
    phases = [dict(phase) for phase in timed_phases(repetition)]
    drains = drain_times(repetition)
    for phase, following in zip(phases, phases[1:]):
        if phase["name"] == "load":
            following["start_ns"] = phase["end_ns"]
            continue
        if phase["name"] == "drain" and drains.get(phase["round"]) is not None:
            phase["end_ns"] = min(phase["start_ns"] + drains[phase["round"]], following["end_ns"])
            following["start_ns"] = phase["end_ns"]
        else:
            phase["end_ns"] = following["start_ns"]
    return phases


def drain_times(repetition):
    """Returns {round: drain_time_ns}, None where the tasks were not counted or did not end."""
    return {
        entry["round"]: entry["metrics"]["drain_time_ns"] for entry in repetition.report["rounds"]
    }


def seconds(phases, phase, edge):
    return (phase[edge] - first_request_ns(phases)) / SECOND


def draw_strip(medium, strip, looks, bold):
    """Draws one row of phases per arm, those of its bold repetition."""
    strip.set_ylim(len(looks) - 0.5, -0.5)
    strip.set_axis_off()
    for row, (arm, look) in enumerate(looks.items()):
        lengths = ""
        if bold[arm]:
            lengths = phase_lengths(bold[arm].repetition)
            draw_phases(medium, strip, row, look, drawn_phases(bold[arm].repetition))
        name_row(medium, strip, row, look, style.short(arm), lengths)


def name_row(medium, strip, row, look, arm, lengths):
    """Writes the name of an arm beside its row or, where there is no room, above it."""
    if medium.narrow:
        text = f"{arm}: {lengths}" if lengths else arm
        left = frame.from_left_edge(strip, 0.08)
        place, offset = (left, row - 0.24), (0, 0)
    else:
        text = f"{arm}\n{lengths}" if lengths else arm
        place, offset = (1, row), (6, 0)
    strip.annotate(
        text, place, offset, xycoords=("axes fraction", "data"), textcoords="offset points",
        size=NAME_SIZE, color=look.color, va="center", annotation_clip=False,
    )


def draw_phases(medium, strip, row, look, phases):
    center, height = (row + 0.22, 0.4) if medium.narrow else (row, 0.62)
    begin, finish = strip.get_xlim()
    for phase in phases:
        start, end = (min(max(seconds(phases, phase, edge), begin), finish) for edge in EDGES)
        if start == end:
            continue  # not of the time that is shown
        fill = {"facecolor": look.color, **FILLS[phase["name"]]}
        strip.barh(
            center, end - start, left=start, height=height, linewidth=0.8, edgecolor=look.color,
            **fill,
        )
        if has_room(strip, phase["name"], end - start):
            name_phase(strip, phase["name"], (start + end) / 2, center)


def has_room(strip, name, length):
    begin, end = strip.get_xlim()
    strip_inches = strip.get_position().width * strip.figure.get_figwidth()
    return length / (end - begin) * strip_inches > (len(name) + 2) * NAME_SIZE * 0.6 / 72


def name_phase(strip, name, x, y):
    background = {"facecolor": "white", "edgecolor": "none", "pad": 1} if name == "drain" else None
    strip.text(
        x, y, name, size=NAME_SIZE, color="white" if name == "load" else style.GREY,
        ha="center", va="center_baseline", bbox=background,
    )


def phase_lengths(repetition):
    """Returns "load 1.92 s, drain 5.01 s": medians over the rounds; "drain > 5.01 s" where tasks
    were left, "drain n/a" where they were not counted."""
    rounds = repetition.report["rounds"]
    load = median_length(repetition, "load")
    if any(entry["drained"] is False for entry in rounds):
        return f"load {load}, drain > {median_length(repetition, 'drain')}"
    known = [time for time in drain_times(repetition).values() if time is not None]
    return f"load {load}, drain {humanize.duration(median(known)) if known else 'n/a'}"


def median_length(repetition, name):
    phases = [phase for phase in drawn_phases(repetition) if phase["name"] == name]
    lengths = [phase["end_ns"] - phase["start_ns"] for phase in phases]
    return humanize.duration(median(lengths)) if lengths else "n/a"
