"""Which verdict, which exit code, and in which words."""

import dataclasses
import random

import pytest
from compared_runs import builds, metrics_of, run_of

from leakbench_compare.comparison import compare_between, compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.errors import ReportError

DEFAULT = read_policy(DEFAULT_POLICY)
MEMORY, CPU = "memory_peak_bytes", "cpu_ns_per_request"
SETTLED, LEAKED = "live_tasks_settled", "leaked_tasks_per_request"
MIB = 2**20


def policy_of(*metrics, **changes):
    """The default policy with these metrics only, each with `changes`."""
    rules = [rule for rule in DEFAULT.rules if rule.metric in metrics]
    rules = tuple(dataclasses.replace(rule, gate=True, **changes) for rule in rules)
    return dataclasses.replace(DEFAULT, rules=rules)


def spread(middle, share, count=10, seed=1):
    """Values around `middle` that differ by up to `share` of it, all of them different."""
    rng = random.Random(seed)
    return [middle * (1 + share * rng.uniform(-1, 1)) for _ in range(count)]


def times(values, factor):
    return [value * factor for value in values]


def compared(policy=DEFAULT, strict=False, **columns):
    document = compare_within(run_of(builds(**columns)), policy, strict=strict)
    return document, metrics_of(document)


# Single metrics.


@pytest.mark.parametrize(
    "factor, verdict, exit_code",
    [
        (1.2, "REGRESSION", 3),
        (0.8, "IMPROVED", 0),
        (1.0, "NO CHANGE", 0),
        (1.02, "NO CHANGE", 0),  # sure, but all of the interval is within the limit
        (1.03, "SMALL CHANGE", 0),
    ],
)
def test_a_change_gets_the_verdict_of_its_size(factor, verdict, exit_code):
    base = spread(100 * MIB, 0.002)
    head = times(spread(100 * MIB, 0.002, seed=2), factor)
    document, metrics = compared(**{MEMORY: (base, head)})
    assert metrics[MEMORY]["verdict"] == verdict
    assert (document["verdict"], document["exit_code"]) == (verdict, exit_code)


@pytest.mark.parametrize("factor, verdict", [(1.5, "IMPROVED"), (0.5, "REGRESSION")])
def test_the_policy_says_which_direction_is_better(factor, verdict):
    base = spread(50_000, 0.01)
    _, metrics = compared(policy_of("throughput_rps"), throughput_rps=(base, times(base, factor)))
    assert metrics["throughput_rps"]["verdict"] == verdict
    assert metrics["throughput_rps"]["text"]["limit"] == "-30 %"


def test_a_change_must_be_larger_than_both_margins():
    base = spread(10 * MIB, 0.002)
    _, metrics = compared(**{MEMORY: (base, times(base, 1.08))})
    assert metrics[MEMORY]["verdict"] == "NO CHANGE"  # 8 %, but less than 1 MiB
    assert metrics[MEMORY]["limit"]["up"] == pytest.approx(0.1, rel=0.01)
    base = spread(100 * MIB, 0.002)
    _, metrics = compared(**{MEMORY: (base, times(base, 1.02))})
    assert metrics[MEMORY]["verdict"] == "NO CHANGE"  # 2 MiB, but less than 3 %


def test_a_noisy_metric_is_inconclusive_and_says_what_it_takes():
    document, metrics = compared(**{CPU: (spread(8e4, 0.5), spread(8e4, 0.5, seed=2))})
    metric = metrics[CPU]
    assert (metric["verdict"], document["exit_code"]) == ("INCONCLUSIVE", 0)
    low, high = metric["change"]["low"], metric["change"]["high"]
    assert low < -0.15 and high > 0.15
    assert metric["detectable"] > metric["limit"]["up"]
    assert metric["needed"] > 10
    assert "or more would have counted here" in metric["sentence"]
    assert f"about {metric['needed']} pairs needed" in metric["sentence"]


def test_what_could_have_been_seen_is_said_in_the_direction_that_is_worse():
    policy = policy_of("throughput_rps")
    noise = (spread(5e4, 0.6), spread(5e4, 0.6, seed=2))
    _, metrics = compared(policy, throughput_rps=noise)
    metric = metrics["throughput_rps"]
    assert metric["verdict"] == "INCONCLUSIVE"
    assert -1 < metric["detectable"] < metric["limit"]["down"] < 0
    assert f"only a change of {-100 * metric['detectable']:.1f} % or more" in metric["sentence"]


def test_strict_makes_inconclusive_fail():
    noise = (spread(8e4, 0.5), spread(8e4, 0.5, seed=2))
    document, _ = compared(strict=True, **{CPU: noise})
    assert (document["verdict"], document["exit_code"]) == ("INCONCLUSIVE", 5)


def test_a_metric_with_a_limit_of_zero_needs_no_guess_of_pairs():
    policy = policy_of(CPU, relative=0, absolute=0)
    _, metrics = compared(policy, **{CPU: (spread(8e4, 0.1), spread(8e4, 0.1, seed=2))})
    assert (metrics[CPU]["verdict"], metrics[CPU]["needed"]) == ("INCONCLUSIVE", None)


def test_five_pairs_can_show_nothing_and_say_how_many_can():
    base = spread(100 * MIB, 0.001, count=5)
    _, metrics = compared(**{MEMORY: (base, times(base, 2))})
    assert metrics[MEMORY]["verdict"] == "INCONCLUSIVE"
    assert metrics[MEMORY]["change"]["low"] is None
    assert metrics[MEMORY]["sentence"].endswith("5 pairs cannot tell: at least 8 needed")


def test_all_gate_metrics_of_all_variants_are_one_family():
    base = spread(100 * MIB, 0.001, count=8)
    values = builds(**{MEMORY: (base, times(base, 1.5))})
    alone = compare_within(run_of(values), DEFAULT)
    assert metrics_of(alone)[MEMORY]["p"] == 2 / 2**8
    assert metrics_of(alone)[MEMORY]["p_adjusted"] == pytest.approx(6 * 2 / 2**8)
    assert metrics_of(alone)[MEMORY]["verdict"] == "REGRESSION"
    values.update(builds("without-context", **{CPU: (base, base)}))
    together = compare_within(run_of(values), DEFAULT)
    by_title = {c["title"]: position for position, c in enumerate(together["comparisons"])}
    assert list(by_title) == ["without-context", "with-context"]
    metric = metrics_of(together, by_title["with-context"])[MEMORY]
    assert metric["p_adjusted"] == pytest.approx(12 * 2 / 2**8)
    assert metric["verdict"] == "INCONCLUSIVE"
    assert metric["sentence"].endswith("8 pairs cannot tell: at least 9 needed")


def test_a_metric_for_information_has_an_interval_and_no_verdict():
    base = spread(1e8, 0.01)
    document, metrics = compared(response_time_p99_ns=(base, times(base, 3)))
    metric = metrics["response_time_p99_ns"]
    assert (metric["verdict"], metric["p_adjusted"]) == (None, None)
    assert metric["change"]["low"] > 1.9
    assert (document["verdict"], document["exit_code"]) == ("NO CHANGE", 0)


def test_a_zero_baseline_is_compared_by_difference():
    _, metrics = compared(policy_of("drain_time_ns"), drain_time_ns=([0] * 10, [2e9] * 10))
    metric = metrics["drain_time_ns"]
    assert (metric["scale"], metric["verdict"]) == ("absolute", "REGRESSION")
    assert metric["text"] == {"change": "+2 s", "interval": "[+2 s, +2 s]", "limit": "+50 ms"}


def test_one_zero_among_the_values_makes_it_a_difference():
    base = spread(1e8, 0.01)
    _, metrics = compared(drain_time_ns=(base, [0, *base[1:]]))
    assert metrics["drain_time_ns"]["scale"] == "absolute"


# Exact metrics.


@pytest.mark.parametrize("count", [3, 10])
def test_a_leak_is_found_by_its_values_from_three_pairs_on(count):
    leak = [7.0 + n for n in range(count)]
    document, metrics = compared(**{SETTLED: ([0] * count, leak)})
    assert metrics[SETTLED]["verdict"] == "REGRESSION"
    assert metrics[SETTLED]["by_values"]
    assert metrics[SETTLED]["sentence"] == (
        f"0 in every repetition of with-context@base, 7 to {6 + count} in every one of "
        "with-context@head"
    )
    assert document["exit_code"] == 3


def test_two_pairs_are_too_few_for_that():
    document, metrics = compared(**{SETTLED: ([0] * 2, [9] * 2)})
    assert metrics[SETTLED]["verdict"] == "INCONCLUSIVE"
    assert document["exit_code"] == 0


def test_a_leak_that_is_gone_is_an_improvement():
    document, metrics = compared(**{LEAKED: ([0.03] * 3, [0] * 3)})
    assert metrics[LEAKED]["verdict"] == "IMPROVED"
    assert document["exit_code"] == 0


def test_a_leak_in_a_few_repetitions_does_not_pass_for_none():
    document, metrics = compared(**{SETTLED: ([0] * 10, [0] * 8 + [5, 9])})
    assert metrics[SETTLED]["verdict"] == "INCONCLUSIVE"
    assert "differs from with-context@base in 2 of 10 repetitions" in metrics[SETTLED]["sentence"]
    assert document["verdict"] == "INCONCLUSIVE"


def test_a_leak_in_most_repetitions_is_a_regression_whatever_its_size():
    _, metrics = compared(**{SETTLED: ([0] * 20, [0] * 9 + [1] * 11)})
    assert metrics[SETTLED]["verdict"] == "REGRESSION"
    _, metrics = compared(**{SETTLED: ([1] * 20, [1] * 9 + [0] * 11)})
    assert metrics[SETTLED]["verdict"] == "IMPROVED"


def test_a_server_that_leaks_by_design_may_vary_within_the_margin():
    base, head = spread(20_000, 0.003), spread(20_000, 0.003, seed=2)
    _, metrics = compared(**{SETTLED: (base, head)})
    assert (metrics[SETTLED]["verdict"], metrics[SETTLED]["by_values"]) == ("NO CHANGE", True)


def test_an_exact_metric_whose_base_varies_is_left_to_statistics():
    base, head = spread(20_000, 0.05), spread(20_000, 0.05, seed=2)
    _, metrics = compared(**{SETTLED: (base, head)})
    assert (metrics[SETTLED]["verdict"], metrics[SETTLED]["by_values"]) == ("INCONCLUSIVE", False)
    _, metrics = compared(**{SETTLED: (base, times(head, 2))})
    assert metrics[SETTLED]["verdict"] == "REGRESSION"


# Odd pairs.


def test_odd_pairs_are_kept_and_named():
    base = spread(8e4, 0.01)
    head = times(spread(8e4, 0.01, seed=2), 1.6)
    head[3] *= 4
    _, metrics = compared(**{CPU: (base, head)})
    assert metrics[CPU]["odd_blocks"] == [4]
    assert metrics[CPU]["verdict"] == "REGRESSION"


def test_a_verdict_that_is_otherwise_without_the_odd_pairs_is_none():
    # Over the limit of 15 % in most pairs, but not in so many others that the estimate is below it.
    head = [value * factor for factor in (1.16, 1.0) for value in spread(8e4, 1e-4, 20)]
    head[20:22] = spread(8e4 * 1.16, 1e-4, 2)
    _, metrics = compared(**{CPU: ([8e4] * 40, head)})
    assert len(metrics[CPU]["odd_blocks"]) == 18
    assert metrics[CPU]["change"]["high"] < 0.15
    assert metrics[CPU]["verdict"] == "INCONCLUSIVE"
    assert "without the pairs that lie far from all others" in metrics[CPU]["sentence"]


# The control.


def controlled(control, head=1.0, leak=0, count=10):
    base = spread(8e4, 0.01, count)
    values = builds(
        **{
            CPU: (base, times(spread(8e4, 0.01, count, seed=2), head)),
            SETTLED: ([0] * count, [leak] * count),
        }
    )
    values["with-context@control"] = {
        CPU: times(spread(8e4, 0.01, count, seed=3), control),
        SETTLED: [0] * count,
    }
    return compare_within(run_of(values), DEFAULT, strict=True)


def test_a_control_that_agrees_makes_the_comparison_trusted():
    document = controlled(1.0, head=1.5)
    assert document["trusted"] is True
    assert (document["verdict"], document["exit_code"]) == ("REGRESSION", 3)
    assert document["control"][0]["head_arm"] == "with-context@control"


@pytest.mark.parametrize("control", [0.5, 1.5])
def test_a_base_that_differs_from_itself_is_not_to_be_trusted(control):
    document = controlled(control, head=1.5)
    assert document["trusted"] is False
    assert (document["verdict"], document["exit_code"]) == ("NOT TRUSTED", 5)
    assert not metrics_of(document)[CPU]["fails"]
    assert "with-context@control is with-context@base again" in document["reasons"][0]


def test_a_leak_is_believed_all_the_same():
    document = controlled(1.5, leak=40)
    assert (document["verdict"], document["exit_code"]) == ("REGRESSION", 3)
    assert document["trusted"] is False
    assert any("is with-context@base again" in reason for reason in document["reasons"])


def test_without_a_control_nothing_is_said_of_trust():
    document, _ = compared(**{CPU: (spread(8e4, 0.01), spread(8e4, 0.01))})
    assert (document["trusted"], document["control"]) == (None, [])


def test_a_control_without_pairs_is_a_note():
    arms = [f"with-context@{build}" for build in ("base", "head", "control")]
    run = run_of({arm: {CPU: spread(8e4, 0.01)} for arm in arms})
    run.repetitions = [r for r in run.repetitions if not r.arm.endswith("@control")]
    document = compare_within(run, DEFAULT)
    assert document["trusted"] is None
    assert any(note.startswith("control: 0 of 10 planned pairs") for note in document["notes"])


# Two runs.


def two_runs(factor, **options):
    base = run_of({"with-context": {CPU: spread(8e4, 0.01)}}, "made-up-1")
    head = run_of({"with-context": {CPU: times(spread(8e4, 0.01, seed=2), factor)}}, "made-up-2")
    return compare_between(base, head, DEFAULT, **options)


def test_two_runs_are_compared_without_gating():
    document = two_runs(1.5, strict=True)
    assert metrics_of(document)[CPU]["verdict"] == "REGRESSION"
    assert (document["design"], document["verdict"], document["exit_code"]) == (
        "unpaired", "REGRESSION", 0,
    )  # fmt: skip
    assert not metrics_of(document)[CPU]["fails"]
    assert any("not paired" in note for note in document["notes"])


def test_two_runs_gate_when_asked():
    assert two_runs(1.5, gating=True)["exit_code"] == 3
    assert two_runs(1.0, gating=True)["exit_code"] == 0


def test_runs_of_different_length_are_compared():
    base = run_of({"with-context": {CPU: spread(8e4, 0.01, 7)}}, "made-up-1")
    head = run_of({"with-context": {CPU: spread(8e4, 0.01, 12, seed=2)}}, "made-up-2")
    document = compare_between(base, head, DEFAULT)
    assert document["comparisons"][0]["complete"] == {"base": 7, "head": 12}
    assert metrics_of(document)[CPU]["verdict"] == "NO CHANGE"


def test_two_counts_that_agree_are_too_few_and_not_called_different():
    document, metrics = compared(**{SETTLED: ([0, 0, None], [0, 0, 0])})
    assert metrics[SETTLED]["verdict"] == "INCONCLUSIVE"
    assert "differs" not in metrics[SETTLED]["sentence"]
    assert "2 pairs cannot tell" in metrics[SETTLED]["sentence"]


def test_three_repetitions_of_each_cannot_tell():
    base = run_of({"with-context": {CPU: spread(8e4, 0.01, 3)}}, "made-up-1")
    head = run_of({"with-context": {CPU: spread(3e5, 0.01, 3)}}, "made-up-2")
    metric = metrics_of(compare_between(base, head, DEFAULT))[CPU]
    assert metric["verdict"] == "INCONCLUSIVE"
    assert "3 repetitions of each arm cannot tell: at least 5 needed" in metric["sentence"]


def test_a_run_against_itself_is_refused():
    with pytest.raises(ReportError, match="are the same run, made-up-1"):
        compare_between(*[run_of({"with-context": {CPU: [1] * 3}})] * 2, DEFAULT)


# Several findings at once.


def test_a_regression_outweighs_everything_else():
    base = spread(8e4, 0.5)
    run = run_of(builds(**{CPU: (base, spread(8e4, 0.5, seed=2)), SETTLED: ([0] * 10, [4] * 10)}))
    run.plan["repetitions"][0].update(status="failed", error="the server died")
    run.repetitions.pop(0)
    document = compare_within(run, DEFAULT, strict=True)
    assert (document["verdict"], document["exit_code"]) == ("REGRESSION", 3)
    assert any("the server died" in reason for reason in document["reasons"])


def test_an_improvement_does_not_hide_what_is_inconclusive():
    base = spread(100 * MIB, 0.002)
    noise = (spread(8e4, 0.5), spread(8e4, 0.5, seed=2))
    document, metrics = compared(**{MEMORY: (base, times(base, 0.5)), CPU: noise})
    assert metrics[MEMORY]["verdict"] == "IMPROVED"
    assert document["verdict"] == "INCONCLUSIVE"
