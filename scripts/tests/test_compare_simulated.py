"""Simulated runs, whose truth is known: false alarms are rare, true changes are found."""

import random

import pytest
from simulated_comparisons import (
    QUIET_MACHINE,
    REGIMES,
    SHARED_MACHINE,
    STRONG_DRIFT,
    Rates,
    pairs,
    simulate,
)

from leakbench_compare.rank_tests import signed_rank_interval, signed_rank_p

ALPHA = 0.05


@pytest.mark.parametrize("noise", REGIMES.values(), ids=REGIMES)
def test_without_a_change_alarms_are_rarer_than_alpha(noise):
    rates = simulate(250, seed=11, cpu_noise=noise)
    assert rates.share("significant") <= ALPHA
    # A regression must in addition be larger than the limit, which noise alone hardly ever is.
    assert rates.share("regression") <= 0.01
    assert rates.share("improved") <= 0.01


@pytest.mark.parametrize("blocks", [8, 10, 15])
@pytest.mark.parametrize("noise", [SHARED_MACHINE, STRONG_DRIFT, QUIET_MACHINE])
def test_one_metric_alone_keeps_alpha_and_coverage(noise, blocks):
    rng, runs = random.Random(blocks), 1000
    alarms = covered = 0
    for _ in range(runs):
        base, head = pairs(rng, noise, blocks)
        differences = [after / before - 1 for before, after in zip(base, head)]
        alarms += signed_rank_p(differences) < ALPHA
        interval = signed_rank_interval(differences, ALPHA)
        covered += interval.low <= 0 <= interval.high
    # Three standard deviations of a share of 5 % in so many runs.
    tolerance = 3 * (ALPHA * (1 - ALPHA) / runs) ** 0.5
    assert alarms / runs <= ALPHA + tolerance
    assert covered / runs >= 1 - ALPHA - tolerance


@pytest.mark.parametrize(
    "metric, truth, power",
    [
        ("memory_peak_bytes", {"memory": 0.1}, 0.99),
        ("memory_peak_bytes", {"memory": 0.05}, 0.9),
        ("cpu_ns_per_request", {"cpu": 0.3}, 0.75),
        ("cpu_ns_per_request", {"cpu": 0.5}, 0.97),
        ("live_tasks_settled", {"leaks": 1}, 1.0),
        ("leaked_tasks_per_request", {"leaks": 1}, 1.0),
    ],
)
def test_a_true_change_is_found(metric, truth, power):
    assert simulate(200, 12, metric, **truth).share("found") >= power


def test_a_change_within_the_limit_is_no_regression():
    assert simulate(200, 13, "cpu_ns_per_request", cpu=0.1).share("found") <= 0.01


def test_a_change_of_a_tenth_is_found_where_the_limit_is_a_few_percent():
    rates = simulate(200, 14, "cpu_ns_per_request", cpu=0.1, limit=0.03)
    assert rates.share("found") >= 0.45


def test_more_pairs_find_more():
    few, many = (
        simulate(150, 15, "cpu_ns_per_request", cpu=0.3, blocks=blocks) for blocks in (8, 20)
    )
    assert many.share("found") > few.share("found")
    assert many.share("settled") > few.share("settled")


def test_rates_are_shares_of_all_runs():
    assert Rates(runs=4, found=1).share("found") == 0.25
