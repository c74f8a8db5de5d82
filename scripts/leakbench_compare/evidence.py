"""What the repetitions of two arms say about one metric, before any verdict."""

import math
from dataclasses import dataclass
from statistics import median

from leakbench_report.errors import ReportError

from leakbench_compare.rank_tests import (
    Interval,
    rank_sum_interval,
    rank_sum_p,
    signed_rank_interval,
    signed_rank_p,
)

RELATIVE, ABSOLUTE = "relative", "absolute"
# Values of exact metrics decide by themselves from so many repetitions of either arm on.
FEWEST_EXACT = 3
# Nothing that is measured lies outside; logarithms and differences of what does could overflow.
SMALLEST, LARGEST = 1e-30, 1e30
# A pair is odd when its modified z is larger (Iglewicz and Hoaglin 1993). Among very few pairs
# there is no telling which of them is.
ODD = 3.5
FEWEST_FOR_ODD = 6
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True)
class Evidence:
    """Estimates and limits are logarithms of ratios on the relative scale, and in the metric's unit
    on the absolute one."""

    scale: str
    interval: Interval
    p: float
    lowest_p: float  # What p would be if all values spoke for a change
    margin: float  # The largest change that does not count, in the metric's unit on either scale
    down: float  # The same on this scale, either way
    up: float
    count: int  # Pairs; repetitions of the smaller arm when not paired
    differences: list  # One for each pair; None when not paired

    @property
    def half_width(self):
        return (self.interval.high - self.interval.low) / 2

    def shown(self, value):
        """`value` as people and files have it: a share of the base, or in the metric's unit; None
        for what has no bound."""
        if math.isinf(value):
            return -1.0 if self.scale == RELATIVE and value < 0 else None
        return math.expm1(value) if self.scale == RELATIVE else value


def values_of(side, metric):
    """The metric of every repetition of an arm, None where it was not measured."""
    return [measured(side, repetition, metric) for repetition in side.repetitions]


def measured(side, repetition, metric):
    value = repetition.report["metrics"].get(metric)
    if value and not SMALLEST <= abs(value) <= LARGEST:
        raise ReportError(
            f"{side.run.folder}: {metric} of repetition {repetition.index} ({side.arm}) is "
            f"{value:g}, which cannot have been measured"
        )
    return value


def weigh(rule, base, head, paired, alpha):
    """The Evidence of values that are all there; a pair has the same place in both lists."""
    relative = min(*base, *head) > 0
    before, after = ([math.log(v) if relative else v for v in values] for values in (base, head))
    differences = [b - a for a, b in zip(before, after)] if paired else None
    if paired:
        interval = signed_rank_interval(differences, alpha)
        p, lowest_p = signed_rank_p(differences), 2 / 2 ** len(differences)
    else:
        interval = rank_sum_interval(before, after, alpha)
        p, lowest_p = rank_sum_p(before, after), 2 / math.comb(len(base) + len(head), len(base))
    margin = rule.margin(median(base))
    ends = (-margin, margin) if not relative else relative_limits(margin / median(base))
    scale = RELATIVE if relative else ABSOLUTE
    count = min(len(base), len(head))
    return Evidence(scale, interval, p, lowest_p, margin, *ends, count, differences)


def relative_limits(share):
    return math.log1p(-share) if share < 1 else -math.inf, math.log1p(share)


def odd_pairs(differences):
    """Places of the pairs that lie far from all others, as one that something disturbed does."""
    if len(differences) < FEWEST_FOR_ODD:
        return []
    middle = median(differences)
    deviation = MAD_TO_DEVIATION * median(abs(d - middle) for d in differences)
    if deviation == 0:
        return []
    return [i for i, d in enumerate(differences) if abs(d - middle) > ODD * deviation]


def agrees(rule, middle, value):
    return abs(value - middle) <= rule.margin(middle)


def steady(rule, values):
    """Whether the values are what an exact metric's should be: all the same, but for the policy's
    margin."""
    middle = median(values)
    return all(agrees(rule, middle, value) for value in values)


def exact_shift(rule, base, head):
    """How an exact metric went: 0 when all repetitions agree, 1 or -1 when every one of the head is
    above or below the base, None when it takes statistics to tell."""
    if min(len(base), len(head)) < FEWEST_EXACT or not steady(rule, base):
        return None
    middle = median(base)
    moved = [value for value in head if not agrees(rule, middle, value)]
    if not moved:
        return 0
    if len(moved) < len(head) or min(moved) < middle < max(moved):
        return None
    return 1 if min(moved) > middle else -1
