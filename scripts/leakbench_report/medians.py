"""What a run measured, in the middle of its complete repetitions."""

from statistics import median

from leakbench_report import humanize


def middle(run, arm, metric):
    """Returns the median of `metric` over the complete repetitions of `arm`, None when it was not
    measured. Each repetition has the median over its rounds."""
    return median_of(repetition.report["metrics"][metric] for repetition in run.repetitions_of(arm))


def median_of(values):
    """Returns the median of those `values` that were measured, None when none was."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def in_words(run, arm, metric):
    return humanize.metric(metric, middle(run, arm, metric))


def clauses(run, describe):
    """Returns "without-context: ...; with-context: ...", `describe` writing what stands behind each
    arm."""
    return "; ".join(f"{arm}: {describe(arm)}" for arm in run.arms())
