"""The rank tests against brute force, published tables, and scipy where scipy is exact."""

import math
import random
import warnings
from itertools import combinations, product
from statistics import median

import pytest
from leakbench_compare import rank_tests

# Largest rank sum T that is significant at 5 %, two-sided, as statistics textbooks print it.
SIGNED_RANK_TABLE = {
    6: 0, 7: 2, 8: 3, 9: 5, 10: 8, 11: 10, 12: 13, 13: 17, 14: 21, 15: 25, 16: 29, 17: 34, 18: 40,
    19: 46, 20: 52, 21: 58, 22: 65, 23: 73, 24: 81, 25: 89, 30: 137,
}  # fmt: skip
# The same for Mann and Whitney's U of two samples.
RANK_SUM_TABLE = {
    (4, 4): 0, (5, 5): 2, (6, 6): 5, (7, 7): 8, (8, 8): 13, (9, 9): 17, (10, 10): 23, (3, 5): 0,
    (5, 8): 6, (8, 10): 17, (10, 15): 39, (12, 20): 69, (15, 15): 64, (20, 20): 127,
}  # fmt: skip
# Darwin's maize, cross- against self-fertilised, in eighths of an inch.
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]


def random_values(rng, count, largest):
    """Small whole numbers: many zeros and ties when `largest` is small."""
    return [rng.randint(-largest, largest) for _ in range(count)]


def signed_rank_p_by_enumeration(differences):
    magnitudes = [abs(d) for d in differences if d]
    ranks = [mean_rank(magnitudes, magnitude) for magnitude in magnitudes]
    found = sum(rank for rank, d in zip(ranks, filter(None, differences)) if d > 0)
    sums = [
        sum(rank for rank, positive in zip(ranks, signs) if positive)
        for signs in product((False, True), repeat=len(ranks))
    ]
    return two_sided(sums, found)


def rank_sum_p_by_enumeration(base, head):
    pooled = base + head
    ranks = [mean_rank(pooled, value) for value in pooled]
    sums = [sum(chosen) for chosen in combinations(ranks, len(head))]
    return two_sided(sums, sum(ranks[len(base) :]))


def mean_rank(values, value):
    return sum(other < value for other in values) + (values.count(value) + 1) / 2


def two_sided(sums, found):
    lower = sum(s <= found for s in sums) / len(sums)
    upper = sum(s >= found for s in sums) / len(sums)
    return min(1, 2 * min(lower, upper))


@pytest.mark.parametrize("largest", [2, 5, 1000])
def test_the_signed_rank_test_is_what_enumeration_of_all_signs_gives(largest):
    rng = random.Random(largest)
    for count in range(0, 11):
        for _ in range(5):
            differences = random_values(rng, count, largest)
            expected = signed_rank_p_by_enumeration(differences)
            assert rank_tests.signed_rank_p(differences) == pytest.approx(expected), differences


@pytest.mark.parametrize("largest", [2, 5, 1000])
def test_the_rank_sum_test_is_what_enumeration_of_all_splits_gives(largest):
    rng = random.Random(largest)
    for sizes in [(1, 1), (1, 6), (3, 3), (4, 5), (6, 3), (6, 6)]:
        for _ in range(5):
            base, head = (random_values(rng, size, largest) for size in sizes)
            expected = rank_sum_p_by_enumeration(base, head)
            assert rank_tests.rank_sum_p(base, head) == pytest.approx(expected), (base, head)


def test_the_signed_rank_intervals_cut_where_the_table_does():
    found = {n: rank_tests.signed_rank_cut(n, 0.05) - 1 for n in SIGNED_RANK_TABLE}
    assert found == SIGNED_RANK_TABLE
    assert [rank_tests.signed_rank_cut(n, 0.05) for n in range(6)] == [0] * 6


def test_the_rank_sum_intervals_cut_where_the_table_does():
    found = {sizes: rank_tests.rank_sum_cut(*sizes, 0.05) - 1 for sizes in RANK_SUM_TABLE}
    assert found == RANK_SUM_TABLE
    assert rank_tests.rank_sum_cut(3, 3, 0.05) == 0


def test_darwins_maize():
    assert rank_tests.signed_rank_p(MAIZE) == 0.041259765625


def test_scipy_agrees_where_it_is_exact():
    stats = pytest.importorskip("scipy.stats")
    rng = random.Random(3)
    for count in (6, 10, 25):
        differences = [rng.gauss(0.5, 1) for _ in range(count)]
        expected = stats.wilcoxon(differences, method="exact").pvalue
        assert rank_tests.signed_rank_p(differences) == pytest.approx(expected)
        head = [rng.gauss(0.5, 1) for _ in range(count + 1)]
        expected = stats.mannwhitneyu(differences, head, method="exact").pvalue
        assert rank_tests.rank_sum_p(differences, head) == pytest.approx(expected)


@pytest.mark.parametrize("differences", [[1, 1, 1, 1, 1, 2, -2], [0, 1, 2, 3, 4, 5, 6]])
def test_scipy_is_not_exact_with_ties_or_zeros_and_we_are(differences):
    stats = pytest.importorskip("scipy.stats")
    expected = signed_rank_p_by_enumeration(differences)
    assert rank_tests.signed_rank_p(differences) == pytest.approx(expected)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = stats.wilcoxon(differences, method="exact").pvalue
    assert theirs != pytest.approx(expected, rel=0.05)


def around_the_ends(interval, step=1e-9):
    """Centres just outside and inside of both ends, and whether the test should reject them."""
    yield interval.low - step, True
    yield interval.low + step, False
    yield interval.estimate, False
    yield interval.high - step, False
    yield interval.high + step, True


@pytest.mark.parametrize("count", [6, 9, 14])
def test_an_interval_holds_the_centres_that_the_test_does_not_reject(count):
    rng = random.Random(count)
    differences = [rng.gauss(1, 2) for _ in range(count)]
    interval = rank_tests.signed_rank_interval(differences, 0.05)
    for centre, rejected in around_the_ends(interval):
        p = rank_tests.signed_rank_p([d - centre for d in differences])
        assert (p <= 0.05) == rejected, centre


@pytest.mark.parametrize("sizes", [(4, 4), (6, 9), (10, 10)])
def test_an_unpaired_interval_holds_the_shifts_that_the_test_does_not_reject(sizes):
    rng = random.Random(sum(sizes))
    base, head = ([rng.gauss(side, 2) for _ in range(size)] for side, size in enumerate(sizes))
    interval = rank_tests.rank_sum_interval(base, head, 0.05)
    for shift, rejected in around_the_ends(interval):
        p = rank_tests.rank_sum_p(base, [value - shift for value in head])
        assert (p <= 0.05) == rejected, shift


def test_estimates_are_hodges_and_lehmanns():
    differences, base, head = [1, 2, 4, 9], [1, 5, 6], [2, 9]
    means = [(a + b) / 2 for i, a in enumerate(differences) for b in differences[i:]]
    assert rank_tests.signed_rank_interval(differences, 0.05).estimate == median(means)
    shifts = [after - before for before in base for after in head]
    assert rank_tests.rank_sum_interval(base, head, 0.05).estimate == median(shifts)


def test_too_few_values_give_no_bound():
    interval = rank_tests.signed_rank_interval([1, 1, 1, 1, 1], 0.05)
    assert (interval.low, interval.estimate, interval.high) == (-math.inf, 1, math.inf)
    assert rank_tests.rank_sum_interval([1, 1, 1], [2, 2, 2], 0.05).high == math.inf


def test_nothing_but_zeros_is_no_change():
    assert rank_tests.signed_rank_p([0] * 10) == 1
    assert rank_tests.rank_sum_p([5] * 4, [5] * 4) == 1
    interval = rank_tests.signed_rank_interval([0] * 10, 0.05)
    assert (interval.low, interval.high) == (0, 0)


def test_the_approximation_goes_on_where_the_exact_distribution_ends():
    rng = random.Random(9)
    differences = [rng.gauss(0.25, 1) for _ in range(rank_tests.LARGEST_EXACT + 1)]
    approximate = rank_tests.signed_rank_p(differences)
    exact = rank_tests.signed_rank_p(differences[:-1])
    assert approximate == pytest.approx(exact, rel=0.3)
    cuts = [rank_tests.signed_rank_cut(rank_tests.LARGEST_EXACT + n, 0.05) for n in (0, 1)]
    assert cuts[0] < cuts[1] < cuts[0] * 1.04
    half = rank_tests.LARGEST_EXACT // 2
    cuts = [rank_tests.rank_sum_cut(half, half + n, 0.05) for n in (0, 1)]
    assert cuts[0] < cuts[1] < cuts[0] * 1.04
    head = [rng.gauss(0.25, 1) for _ in range(half + 1)]
    approximate = rank_tests.rank_sum_p(differences[:half], head)
    exact = rank_tests.rank_sum_p(differences[:half], head[:-1])
    assert approximate == pytest.approx(exact, rel=0.5)
    assert rank_tests.rank_sum_p([1] * 60, [1] * 60) == 1


def test_holm_in_an_example():
    assert rank_tests.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert rank_tests.holm([0.5, 0.6]) == [1, 1]
    assert rank_tests.holm([]) == []


@pytest.mark.parametrize("family, pairs", [(1, 6), (3, 7), (6, 8), (12, 9), (25, 10)])
def test_the_fewest_pairs_that_can_show_a_change(family, pairs):
    assert rank_tests.fewest_pairs(0.05, family) == pairs
    assert rank_tests.signed_rank_p(range(1, pairs + 1)) * family < 0.05
    assert rank_tests.signed_rank_p(range(1, pairs)) * family >= 0.05


def test_the_fewest_unpaired_repetitions_that_can_show_a_change():
    assert rank_tests.fewest_in_each_sample(0.05, 1) == 4
    assert rank_tests.rank_sum_p([1, 2, 3, 4], [5, 6, 7, 8]) < 0.05
    assert rank_tests.rank_sum_p([1, 2, 3], [5, 6, 7]) >= 0.05


def test_the_interval_of_a_median():
    assert rank_tests.median_interval(range(1, 11), 0.05) == (2, 9)
    assert rank_tests.median_interval(range(1, 7), 0.05) == (1, 6)
    assert rank_tests.median_interval(range(1, 6), 0.05) is None
