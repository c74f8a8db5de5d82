"""The verdict on one metric: is the change sure, and is it large enough to count?"""

import math
from dataclasses import dataclass, field
from statistics import fmean, median

from leakbench_report import humanize

from leakbench_compare import words
from leakbench_compare.evidence import (
    agrees,
    exact_shift,
    odd_pairs,
    steady,
    values_of,
    weigh,
)
from leakbench_compare.rank_tests import (
    fewest_in_each_sample,
    fewest_pairs,
    holm,
    signed_rank_interval,
)

REGRESSION = "REGRESSION"
IMPROVED = "IMPROVED"
NO_CHANGE = "NO CHANGE"
SMALL_CHANGE = "SMALL CHANGE"
INCONCLUSIVE = "INCONCLUSIVE"
NOT_COMPARABLE = "NOT COMPARABLE"


@dataclass
class Judged:
    """One metric of one contrast."""

    rule: object
    base: list  # One value for each repetition, None where not measured
    head: list
    evidence: object = None  # None when there is nothing to weigh
    p_adjusted: float = None
    verdict: str = None  # None for metrics that do not gate
    by_values: bool = False  # Whether an exact metric's values decided, not their statistics
    sentence: str = ""  # Why that verdict; for the others the change
    detectable: float = None  # Smallest change that would have counted, on the evidence's scale
    needed: int = None  # Repetitions that may settle an inconclusive verdict
    fails: bool = False  # Whether it is a regression that decides the exit code
    odd_blocks: list = field(default_factory=list)

    @property
    def pairs(self):
        """The values that are there in both arms, by pair."""
        return [
            (before, after)
            for before, after in zip(self.base, self.head)
            if before is not None and after is not None
        ]


def weigh_metric(rule, contrast, alpha):
    """Returns the Judged of a metric, still without its verdict; None when neither arm has it."""
    sides = (contrast.base, contrast.head)
    judged = Judged(rule, *(values_of(side, rule.metric) for side in sides))
    base, head = present(judged.base), present(judged.head)
    if not base and not head:
        return None
    if not base or not head:
        arm = contrast.head.arm if base else contrast.base.arm
        return not_comparable(judged, f"not measured in {arm}")
    if contrast.paired:
        if not judged.pairs:
            return not_comparable(judged, "measured in both arms, but not in both of any pair")
        base, head = (list(values) for values in zip(*judged.pairs))
    judged.evidence = weigh(rule, base, head, contrast.paired, alpha)
    return judged


def present(values):
    return [value for value in values if value is not None]


def not_comparable(judged, why):
    judged.verdict = NOT_COMPARABLE if judged.rule.gate else None
    judged.sentence = why
    return judged


def judge(contrasts_with_metrics, alpha):
    """Gives their verdicts to all metrics of all contrasts. The gate metrics are one family: the
    chance of a false alarm holds for all of them together."""
    family = [
        (contrast, judged)
        for contrast, metrics in contrasts_with_metrics
        for judged in metrics
        if judged.rule.gate and judged.evidence
    ]
    adjusted = holm([judged.evidence.p for _, judged in family])
    for (contrast, judged), p_adjusted in zip(family, adjusted):
        judged.p_adjusted = p_adjusted
        decide(judged, contrast, alpha, len(family))
    for contrast, metrics in contrasts_with_metrics:
        for judged in metrics:
            if judged.evidence and not judged.rule.gate:
                judged.sentence = words.change_with_interval(judged)
            mark_odd_blocks(judged, contrast)


def decide(judged, contrast, alpha, family):
    evidence, rule = judged.evidence, judged.rule
    base, head = used_values(judged, contrast)
    shift = exact_shift(rule, base, head) if rule.exact else None
    if shift is not None:
        judged.verdict = direction(rule, shift) if shift else NO_CHANGE
        judged.by_values = True
        judged.sentence = words.exact(judged, contrast, base, head)
        return
    judged.verdict = by_interval(rule, evidence, evidence.interval, judged.p_adjusted < alpha)
    judged.sentence = words.with_limit(judged)
    if rule.exact and steady(rule, base):
        decide_now_and_then(judged, contrast, median(base), head)
    if contrast.paired and rests_on_odd_pairs(judged, alpha):
        judged.verdict = INCONCLUSIVE
        judged.sentence += "; without the pairs that lie far from all others it would be otherwise"
    if judged.verdict == INCONCLUSIVE:
        look_ahead(judged, contrast, alpha, family)


def decide_now_and_then(judged, contrast, middle, head):
    """An exact metric that differs in some repetitions of the head only. A leak in a few of them
    moves no median: it must not pass for none, and when it is sure its size does not matter."""
    differing = [value for value in head if not agrees(judged.rule, middle, value)]
    if not differing:
        return
    if judged.verdict == NO_CHANGE:
        judged.verdict = INCONCLUSIVE
    elif judged.verdict == SMALL_CHANGE:
        judged.verdict = direction(judged.rule, fmean(head) - middle)
    judged.sentence = words.now_and_then(judged, contrast, len(differing), len(head))


def used_values(judged, contrast):
    if contrast.paired:
        return tuple(list(values) for values in zip(*judged.pairs))
    return present(judged.base), present(judged.head)


def by_interval(rule, evidence, interval, significant):
    if evidence.down <= interval.low and interval.high <= evidence.up:
        return NO_CHANGE
    if not significant:
        return INCONCLUSIVE
    if interval.low > evidence.up:
        return direction(rule, 1)
    if interval.high < evidence.down:
        return direction(rule, -1)
    return SMALL_CHANGE


def direction(rule, shift):
    return REGRESSION if (shift > 0) == rule.smaller_is_better else IMPROVED


def rests_on_odd_pairs(judged, alpha):
    """Whether the pairs without the odd ones surely say something else. Odd pairs are never
    dropped, but a verdict that only they carry is none."""
    differences = judged.evidence.differences
    odd = odd_pairs(differences)
    if not odd or judged.verdict not in (REGRESSION, IMPROVED, NO_CHANGE):
        return False
    rest = [d for place, d in enumerate(differences) if place not in odd]
    interval = signed_rank_interval(rest, alpha)
    other = by_interval(judged.rule, judged.evidence, interval, significant=True)
    return other in (REGRESSION, IMPROVED, NO_CHANGE) and other != judged.verdict


def look_ahead(judged, contrast, alpha, family):
    """What this comparison could have seen, and what it would take to see more."""
    evidence = judged.evidence
    fewest = (fewest_pairs if contrast.paired else fewest_in_each_sample)(alpha, family)
    unit = "pairs" if contrast.paired else "repetitions of each arm"
    if math.isinf(evidence.half_width) or evidence.lowest_p * family >= alpha:
        judged.needed = max(fewest, evidence.count + 1)
        judged.sentence += (
            f"; {words.counted(evidence.count, unit)} cannot tell: at least {judged.needed} needed"
        )
        return
    worse = evidence.up if judged.rule.smaller_is_better else evidence.down
    judged.detectable = evidence.shown(worse + math.copysign(evidence.half_width, worse))
    size = words.size(judged, judged.detectable)
    judged.sentence += f"; only a change of {size} or more would have counted here"
    if evidence.up > 0:
        judged.needed = max(needed(evidence), fewest, evidence.count + 1)
        judged.sentence += f"; about {humanize.count(judged.needed)} {unit} needed"


def needed(evidence):
    """Repetitions after which the interval, which shrinks with the root of their number, should lie
    on one side of the limit. An estimate that is close to the limit would need any number."""
    distance = abs(abs(evidence.interval.estimate) - evidence.up)
    return math.ceil(evidence.count * (evidence.half_width / max(distance, evidence.up / 2)) ** 2)


def mark_odd_blocks(judged, contrast):
    if not contrast.paired or not judged.evidence:
        return
    blocks = [
        block
        for block, before, after in zip(contrast.blocks, judged.base, judged.head)
        if before is not None and after is not None
    ]
    judged.odd_blocks = [blocks[place] for place in odd_pairs(judged.evidence.differences)]
