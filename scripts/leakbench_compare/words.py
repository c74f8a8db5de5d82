"""Changes, intervals and limits as people read them."""

import math

from leakbench_report import humanize

from leakbench_compare.evidence import RELATIVE


def change_of(judged, value):
    """"+12.4 %" or "+3 MiB"; `value` as Evidence.shown() gives it."""
    if value is None:
        return "unbounded"
    if judged.evidence.scale == RELATIVE:
        return percent(100 * value)
    return f"{sign(value)}{humanize.metric(judged.rule.metric, abs(value))}"


def size(judged, value):
    """The same without a sign."""
    return change_of(judged, value).lstrip("+-")


def percent(value):
    """Three digits, two behind the point at the most. A fall short of 100 % never reads -100 %,
    which says that nothing is left."""
    if -100 < value and humanize.rounded(value) <= -100:
        return "-99.9 %"
    value = round(value, 2)
    return f"{sign(value)}{humanize.number(abs(value))} %"


def sign(value):
    return "+" if value > 0 else "-" if value < 0 else ""


def estimate(judged):
    if judged.evidence is None:
        return "n/a"
    return change_of(judged, judged.evidence.shown(judged.evidence.interval.estimate))


def interval(judged):
    """"[+9.8 %, +15.1 %]", or "n/a" where there are too few values for one."""
    if judged.by_values:
        return "exact"
    if judged.evidence is None or math.isinf(judged.evidence.half_width):
        return "n/a"
    ends = (judged.evidence.interval.low, judged.evidence.interval.high)
    low, high = (change_of(judged, judged.evidence.shown(end)) for end in ends)
    return f"[{low}, {high}]"


def limit(judged):
    """The change that does not count yet, in the direction that is worse."""
    if judged.evidence is None:
        return "n/a"
    evidence, rule = judged.evidence, judged.rule
    worse = evidence.shown(evidence.up if rule.smaller_is_better else evidence.down)
    if evidence.scale == RELATIVE and worse >= 1:
        # Far more than the base itself, as an absolute margin is for a base near zero.
        return f"+{humanize.metric(rule.metric, evidence.margin)}"
    return change_of(judged, worse)


def change_with_interval(judged):
    found = interval(judged)
    return estimate(judged) if found == "n/a" else f"{estimate(judged)} {found}"


def with_limit(judged):
    return f"{change_with_interval(judged)}, limit {limit(judged)}"


def exact(judged, contrast, base, head):
    before, after = span(judged, base), span(judged, head)
    if before == after:
        return f"{before} in every repetition of both"
    return (
        f"{before} in every repetition of {contrast.base.arm}, "
        f"{after} in every one of {contrast.head.arm}"
    )


def span(judged, values):
    low, high = (humanize.metric(judged.rule.metric, end) for end in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def now_and_then(judged, contrast, differing, total):
    arms = f"{contrast.head.arm} differs from {contrast.base.arm}"
    return f"{arms} in {differing} of {total} repetitions, {with_limit(judged)}"


def counted(count, unit):
    """"1 pair", "5 pairs"."""
    return f"{count} {unit[:-1] if count == 1 and unit.endswith('s') else unit}"


def plain(text):
    """One line without control characters: names and messages from a run folder may hold anything,
    also what a terminal or a parser takes for a command."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
