"""Exact rank tests, and the intervals that come from inverting them.

Wilcoxon's signed-rank test for pairs, his rank-sum test (Mann and Whitney's U) for two samples that
are not paired; the estimates are Hodges and Lehmann's (1963). scipy 1.10 has neither the intervals
nor the tests that counts need: with a zero among the differences scipy.stats.wilcoxon goes over to
the normal approximation, and with ties it cuts mean ranks to whole numbers and looks them up in the
distribution of ranks without ties. What is here is exact with both.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement, product
from statistics import NormalDist, median

# Beyond so many observations the normal approximation is used: it is good by then, and the exact
# distribution would take seconds.
LARGEST_EXACT = 100


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence interval, unbounded where there are too few values."""

    estimate: float
    low: float
    high: float


def signed_rank_p(differences):
    """Two-sided p of the signed-rank test: without a change each difference of a pair had the same
    chance of the other sign. Zeros say nothing about the sign and are left out; equal differences
    share their mean rank."""
    nonzero = [difference for difference in differences if difference != 0]
    ranks = doubled_ranks([abs(difference) for difference in nonzero])
    positive = sum(rank for rank, difference in zip(ranks, nonzero) if difference > 0)
    less_likely = min(positive, sum(ranks) - positive)
    return min(1.0, 2 * signed_rank_tail(tuple(sorted(ranks)), less_likely))


def signed_rank_interval(differences, alpha):
    """The Hodges-Lehmann estimate of the differences' centre, and all centres that the test at
    level `alpha` does not reject. Ties only make the interval cover more often than it has to."""
    means = sorted((a + b) / 2 for a, b in combinations_with_replacement(differences, 2))
    cut = signed_rank_cut(len(differences), alpha)
    return between(means, cut)


def rank_sum_p(base, head):
    """Two-sided p of the rank-sum test: without a change every split of the pooled values into two
    samples of these sizes had the same chance. Equal values share their mean rank."""
    ranks = doubled_ranks(list(base) + list(head))
    pooled = tuple(sorted(ranks))
    # With ties the two tails differ; the upper one is the lower one of the other sample.
    lower = rank_sum_tail(pooled, len(head), sum(ranks[len(base) :]))
    upper = rank_sum_tail(pooled, len(base), sum(ranks[: len(base)]))
    return min(1.0, 2 * min(lower, upper))


def rank_sum_interval(base, head, alpha):
    """The Hodges-Lehmann estimate of the shift from `base` to `head`, and all shifts that the
    rank-sum test at level `alpha` does not reject."""
    shifts = sorted(after - before for before, after in product(base, head))
    return between(shifts, rank_sum_cut(len(base), len(head), alpha))


def holm(p_values):
    """Adjusts p values so that the chance of any false alarm among them stays that of one (Holm
    1979). In the order given."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for passed, index in enumerate(order):
        highest = max(highest, min(1.0, p_values[index] * (len(p_values) - passed)))
        adjusted[index] = highest
    return adjusted


def fewest_pairs(alpha, family):
    """With fewer pairs not even pairs that all agree give a Holm-adjusted p below `alpha` to one
    of `family` metrics."""
    pairs = 1
    while 2 / 2**pairs * family >= alpha:
        pairs += 1
    return pairs


def fewest_in_each_sample(alpha, family):
    """The same for two samples of one size that are not paired."""
    size = 1
    while 2 / math.comb(2 * size, size) * family >= alpha:
        size += 1
    return size


def median_interval(values, alpha):
    """The order statistics that hold the median with confidence 1 - `alpha` (the sign test,
    inverted); None where there are too few values."""
    cut, chance = 0, 0.5 ** len(values)
    while 2 * chance <= alpha:
        cut += 1
        chance += math.comb(len(values), cut) * 0.5 ** len(values)
    ordered = sorted(values)
    return (ordered[cut - 1], ordered[-cut]) if cut else None


def between(ordered, cut):
    """The median of sorted values, and what remains of them without cut - 1 at either end."""
    if cut == 0:
        return Interval(median(ordered), -math.inf, math.inf)
    return Interval(median(ordered), ordered[cut - 1], ordered[-cut])


def doubled_ranks(values):
    """Ranks from 1, twice as large so that the mean rank of equal values is whole."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    ranks, first = [0] * len(values), 0
    while first < len(order):
        last = first
        while last + 1 < len(order) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for index in order[first : last + 1]:
            ranks[index] = first + last + 2
        first = last + 1
    return ranks


# The ways to reach each possible sum of ranks are the digits of one large whole number, each of
# them `width` bits: adding a rank to a set shifts all digits at once. No digit, nor the sum of them
# all, is more than 2**len(ranks). That is less than 2**width - 1, so that the remainder of a
# division by the latter is the sum of the digits.


def width_for(ranks):
    return len(ranks) + 2


def digits_up_to(number, last, width):
    return (number & ((1 << (last + 1) * width) - 1)) % ((1 << width) - 1)


@lru_cache(maxsize=64)
def ways_of_subsets(ranks):
    ways, width = 1, width_for(ranks)
    for rank in ranks:
        ways += ways << rank * width
    return ways


@lru_cache(maxsize=64)
def ways_of_choosing(ranks, size):
    """As above, but only of subsets of `size` ranks."""
    width = width_for(ranks)
    ways = [1] + [0] * size
    for rank in ranks:
        for chosen in range(size, 0, -1):
            ways[chosen] += ways[chosen - 1] << rank * width
    return ways[size]


def signed_rank_tail(ranks, limit):
    """Chance that the ranks with a positive sign sum up to `limit` at the most."""
    if len(ranks) > LARGEST_EXACT:
        deviation = math.sqrt(sum(rank**2 for rank in ranks)) / 2
        return NormalDist(sum(ranks) / 2, deviation).cdf(limit)
    return digits_up_to(ways_of_subsets(ranks), limit, width_for(ranks)) / 2 ** len(ranks)


def rank_sum_tail(ranks, size, limit):
    """Chance that `size` of the ranks, drawn at random, sum up to `limit` at the most."""
    count = len(ranks)
    if count > LARGEST_EXACT:
        mean = sum(ranks) / count
        spread = sum((rank - mean) ** 2 for rank in ranks)
        if spread == 0:
            return 1.0
        deviation = math.sqrt(size * (count - size) / count / (count - 1) * spread)
        return NormalDist(size * mean, deviation).cdf(limit)
    ways = digits_up_to(ways_of_choosing(ranks, size), limit, width_for(ranks))
    return ways / math.comb(count, size)


@lru_cache(maxsize=1024)
def signed_rank_cut(count, alpha):
    """How many of the sorted means of two differences lie outside the interval at either end, plus
    one; 0 where the interval has no end."""
    ranks = tuple(range(1, count + 1))
    sums = range(sum(ranks) + 1)
    return bisect_right(sums, alpha, key=lambda limit: 2 * signed_rank_tail(ranks, limit))


@lru_cache(maxsize=1024)
def rank_sum_cut(base, head, alpha):
    """The same for the shifts between two samples of these sizes."""
    ranks, smallest = tuple(range(1, base + head + 1)), head * (head + 1) // 2
    sums = range(smallest, smallest + base * head + 1)
    return bisect_right(sums, alpha, key=lambda limit: 2 * rank_sum_tail(ranks, head, limit))
