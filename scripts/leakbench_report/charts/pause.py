"""How late the heartbeat in the server's scheduler came, beside one that only the kernel delays."""

from leakbench_report import humanize
from leakbench_report.charts import NothingToDraw
from leakbench_report.charts.percentiles import (
    Kind,
    Words,
    curve_of,
    draw_percentiles,
    middle_of,
)
from leakbench_report.medians import in_words, median_of

TITLE, X_AXIS, Y_AXIS = "Pauses of the scheduler", "percentile of the beats [%]", "lateness"
HOW_TO_READ = (
    "How late a heartbeat of 1 ms came, from first request to last response; not a collector's "
    "pause.\nBold: in the server's scheduler; dotted: in an idle process on the same cores. Thin: "
    "each repetition.\nA line is the median over the repetitions, of medians over their rounds. "
    "Both axes are logarithmic."
)
TWO_POINTS = "\nFiles of older versions have two percentiles of a heartbeat: 50 and 99 %."


def draw_pause(run, medium):
    if not any(pauses_of(run, arm, "scheduler") for arm in run.arms()):
        raise NothingToDraw("no complete repetition has a heartbeat in the server's scheduler")
    if not any(curve_of_beat(rep, "scheduler") for rep in run.repetitions):
        raise NothingToDraw("no round was long enough for a percentile of the scheduler's heartbeat")
    older = any(
        "percentiles" not in beat
        for arm in run.arms()
        for name in ("scheduler", "idle_process")
        for beat in pauses_of(run, arm, name)
    )
    kinds = [
        Kind("", lambda repetition: curve_of_beat(repetition, "scheduler")),
        Kind("idle", lambda repetition: curve_of_beat(repetition, "idle_process"), second=True),
    ]
    words = Words(TITLE, X_AXIS, Y_AXIS, HOW_TO_READ + (TWO_POINTS if older else ""))
    return draw_percentiles(run, medium, kinds, words, lambda arm: describe(run, arm))


def beats_of(repetition, name):
    """Returns what is known of a heartbeat in each round that had it."""
    rounds = repetition.report["rounds"]
    return [beat for entry in rounds if (beat := (entry.get("pauses") or {}).get(name))]


def pauses_of(run, arm, name):
    return [beat for repetition in run.repetitions_of(arm) for beat in beats_of(repetition, name)]


def curve_of_beat(repetition, name):
    return middle_of([curve_of(percentiles_of(beat)) for beat in beats_of(repetition, name)])


def percentiles_of(beat):
    return beat.get("percentiles", [[50, beat["p50_ns"]], [99, beat["p99_ns"]]])


def p99_of(run, arm, name):
    """Returns the median over the repetitions, of medians over their rounds."""
    return median_of(
        median_of(beat["p99_ns"] for beat in beats_of(repetition, name))
        for repetition in run.repetitions_of(arm)
    )


def describe(run, arm):
    late, latest = (in_words(run, arm, f"pause_{which}_ns") for which in ("p99", "max"))
    text = f"99 % of the beats are late by {late} or less, the latest by {latest}"
    beside = [
        f"{humanize.duration(p99)} in {where}"
        for name, where in (("os_thread", "a thread of it"), ("idle_process", "an idle process"))
        if (p99 := p99_of(run, arm, name)) is not None
    ]
    return f"{text} (99 % beside it: {', '.join(beside)})" if beside else text
