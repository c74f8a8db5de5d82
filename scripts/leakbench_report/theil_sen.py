"""How something grows from round to round, and how surely (Theil 1950, Sen 1968)."""

import math
from itertools import accumulate, combinations
from statistics import NormalDist, median

CONFIDENCE = 0.95
MOST_EXACT = 60  # rounds, of all repetitions together; beyond, Kendall's statistic is as good as normal
MOST_ROUNDS = 300  # of a repetition; of more, so many are taken at equal distances


def slopes_of(rounds):
    """Returns the slopes between any two rounds of {round: value}, in ascending order."""
    points = sorted(rounds.items())
    points = points[:: math.ceil(len(points) / MOST_ROUNDS) or 1]
    pairs = combinations(points, 2)
    return sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in pairs)


def slope_of(repetitions):
    """Returns the median of the slopes within each of several {round: value}, None below two
    rounds."""
    slopes = pooled(repetitions)
    return median(slopes) if slopes else None


def interval_of(repetitions):
    """Returns lowest and highest slope that the values do not contradict, at a confidence of
    CONFIDENCE or more; None where there are too few rounds to say so. What happens within one
    repetition is independent of what happens in another, so that their numbers of falling pairs
    add up."""
    slopes = pooled(repetitions)
    lengths = [min(len(rounds), MOST_ROUNDS) for rounds in repetitions if len(rounds) > 1]
    outside = outside_of(lengths)
    return (slopes[outside - 1], slopes[-outside]) if outside else None


def pooled(repetitions):
    return sorted(slope for rounds in repetitions for slope in slopes_of(rounds))


def outside_of(lengths):
    """Returns how many of the lowest slopes, and of the highest, are the ends of the interval and
    what lies beyond: as many as Kendall's statistic lets lie there by chance."""
    share = (1 - CONFIDENCE) / 2
    if sum(lengths) > MOST_EXACT:
        middle = sum(n * (n - 1) for n in lengths) / 4
        deviation = math.sqrt(sum(n * (n - 1) * (2 * n + 5) for n in lengths) / 72)
        return max(0, math.floor(middle + NormalDist().inv_cdf(share) * deviation))
    counts = inversions(lengths)
    return sum(below <= share * sum(counts) for below in accumulate(counts))


def inversions(lengths):
    """Returns how many of all orders of so many rounds each have 0, 1, 2, ... falling pairs."""
    counts = [1]
    for length in lengths:
        for places in range(2, length + 1):
            counts = with_one_more(counts, places)
    return counts


def with_one_more(counts, places):
    """Each of `places` places for one more round makes 0, 1, 2, ... more falling pairs."""
    sums = [0, *accumulate([*counts, *[0] * (places - 1)])]
    return [sums[end] - sums[max(0, end - places)] for end in range(1, len(sums))]
