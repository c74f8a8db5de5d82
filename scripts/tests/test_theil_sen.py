"""Growth over rounds is what the definitions say, and its interval covers the truth."""

import random
from itertools import permutations

import pytest

from leakbench_report import theil_sen
from leakbench_report.theil_sen import interval_of, inversions, outside_of, slope_of


def test_growth_is_the_median_slope_whatever_one_round_does():
    assert slope_of([{1: 300, 2: 600, 3: 900, 4: 1200, 5: 90_000}]) == 300
    assert slope_of([{1: 5, 2: 5, 4: 5}]) == 0
    assert slope_of([{1: 10, 3: 20}]) == 5
    assert slope_of([{1: 10}]) is None
    assert slope_of([{1: 0, 2: 100}, {1: 50, 2: 350}]) == 200


@pytest.mark.parametrize("rounds", range(2, 8))
def test_falling_pairs_are_counted_as_by_hand(rounds):
    counts = [0] * (rounds * (rounds - 1) // 2 + 1)
    for order in permutations(range(rounds)):
        falling = sum(order[i] > order[j] for i in range(rounds) for j in range(i + 1, rounds))
        counts[falling] += 1
    assert inversions([rounds]) == counts


def test_falling_pairs_of_two_repetitions_add_up():
    assert inversions([2, 2]) == [1, 2, 1]
    assert sum(inversions([4, 5])) == 24 * 120


# Hollander and Wolfe, Nonparametric Statistical Methods, table of Kendall's K: the upper 2.5 % of
# n = 5 begin at 10, of 6 at 13, of 8 at 18, of 10 at 23; of all pairs, (pairs - K) / 2 lie outside.
@pytest.mark.parametrize("rounds, kendall", [(5, 10), (6, 13), (8, 18), (10, 23)])
def test_the_interval_ends_where_the_published_table_says(rounds, kendall):
    assert outside_of([rounds]) == (rounds * (rounds - 1) // 2 - kendall) // 2 + 1


def test_few_rounds_have_no_interval():
    assert interval_of([{1: 1, 2: 2, 3: 3, 4: 4}]) is None
    assert interval_of([]) is None
    assert interval_of([{1: 1, 2: 2, 3: 3, 4: 4, 5: 5}]) == (1, 1)


def test_many_rounds_have_about_the_exact_interval(monkeypatch):
    exact = outside_of([30, 30])
    monkeypatch.setattr(theil_sen, "MOST_EXACT", 10)
    assert abs(outside_of([30, 30]) - exact) <= 2


def test_the_interval_covers_the_growth_as_often_as_it_says():
    chance = random.Random(20261127)
    covered = 0
    for _ in range(400):
        rounds = {n: 7 * n + chance.gauss(0, 5) for n in range(1, 9)}
        low, high = interval_of([rounds])
        covered += low <= 7 <= high
    assert covered >= 0.93 * 400


def test_a_thousand_rounds_take_no_longer_than_they_need():
    rounds = {n: 2 * n for n in range(1, 1001)}
    assert slope_of([rounds] * 3) == 2
    assert interval_of([rounds] * 3) == (2, 2)
