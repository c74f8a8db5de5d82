"""The rule of the nights: when something is worse, when that is suspected, and when confirmed."""

import pytest
from compared_runs import builds, run_of

from leakbench_compare import nights
from leakbench_compare.calibration import calibrate
from leakbench_compare.policy import DEFAULT_POLICY, read_policy

POLICY = read_policy(DEFAULT_POLICY)
MIB = 2**20
MEMORY, CPU, TASKS = "memory_peak_bytes", "cpu_ns_per_request", "live_tasks_settled"
STEADY = [60 * MIB + 20_000 * n for n in range(10)]
NOISY = [80_000 + 8_000 * step for step in (0, 3, 1, 4, 2, 0, 4, 1, 3, 2)]
ALSO_NOISY = [80_000 + 8_000 * step for step in (3, 0, 4, 1, 2, 4, 0, 3, 1, 2)]
HERE = {"cpu_model": "here", "cores_online": 2, "memory_total_bytes": 8 * 2**30}
THERE = {**HERE, "cpu_model": "there"}
LOAD = {"connections": 100, "requests": 1000, "rounds": 1}
USUAL = 60 * MIB
WORSE = 66 * MIB


@pytest.fixture(scope="module")
def calibration():
    columns = {MEMORY: (STEADY, STEADY[::-1]), CPU: (NOISY, ALSO_NOISY), TASKS: ([0] * 10,) * 2}
    values = builds(**columns)
    values["with-context@control"] = values.pop("with-context@head")
    return calibrate(run_of(values), POLICY)


def night(number, machine=HERE, load=LOAD, scenario="orders", **metrics):
    """An entry of the index; a metric is what base and control measured, or what both did."""
    both = {name: v if isinstance(v, tuple) else (v, v) for name, v in metrics.items()}
    return {
        "scenario": scenario, "git_commit": f"{number:x}".ljust(40, "0"),
        "machine": machine, "load": load,
        "arms": [
            {
                "name": f"with-context@{build}",
                "spreads": {name: {"median": pair[side]} for name, pair in both.items()},
            }
            for side, build in enumerate(("base", "control"))
        ],
    }  # fmt: skip


def history(*values, metric=MEMORY):
    return [night(number, **{metric: value}) for number, value in enumerate(values, start=1)]


def found(entries, calibration, metric=MEMORY):
    findings = nights.judge(entries, calibration, POLICY)
    return {finding.metric: finding for finding in findings}[metric]


def states(values, calibration, metric=MEMORY):
    """What each night of a history said when it was the newest."""
    entries = history(*values, metric=metric)
    return [
        found(entries[: count + 1], calibration, metric).state for count in range(len(entries))
    ]


def test_nights_that_are_alike_are_no_change(calibration):
    few = [nights.TOO_FEW] * 4
    assert states([USUAL + n for n in range(7)], calibration) == [*few, *[nights.NO_CHANGE] * 3]


def test_one_bad_night_is_suspected_and_then_forgotten(calibration):
    found = states([USUAL] * 5 + [WORSE] + [USUAL] * 4, calibration)
    assert found[4:] == [nights.NO_CHANGE, nights.SUSPECTED, *[nights.NO_CHANGE] * 4]


def test_a_lasting_step_is_confirmed_the_next_night_and_until_it_is_most_of_what_there_is(
    calibration,
):
    found = states([USUAL] * 10 + [WORSE] * 10, calibration)[10:]
    # On the eighth night six of the ten nights before last night are of the new kind.
    assert found == [nights.SUSPECTED, *[nights.CONFIRMED] * 6, *[nights.NO_CHANGE] * 3]


def test_a_step_for_the_better_is_no_change(calibration):
    assert set(states([WORSE] * 6 + [USUAL] * 3, calibration)[4:]) == {nights.NO_CHANGE}


def test_a_slow_rise_is_seen_against_the_nights_before_last(calibration):
    assert states([USUAL + 2 * MIB * n for n in range(8)], calibration)[-1] == nights.CONFIRMED


@pytest.mark.parametrize(
    "other", [{"machine": THERE}, {"load": {**LOAD, "requests": 5}}, {"scenario": "another"}]
)
def test_nights_of_another_machine_load_or_scenario_do_not_count(calibration, other):
    entries = history(*[USUAL] * 5, WORSE)
    strangers = [night(90 + n, **other, **{MEMORY: USUAL}) for n in range(5)]
    # In between they change nothing; alone they are nothing to hold tonight against.
    entries[5:5] = strangers
    assert found(entries, calibration).state == nights.SUSPECTED
    assert found([*entries, night(99, **{MEMORY: WORSE})], calibration).state == nights.CONFIRMED
    assert found([*strangers, entries[-1]], calibration).state == nights.TOO_FEW


def test_the_limit_is_the_policys_and_what_the_calibration_sees(calibration):
    seen = {m["name"]: m["smallest_visible"] for m in calibration["variants"][0]["metrics"]}
    limit = USUAL * (0.03 + seen[MEMORY])
    entries = history(*[USUAL] * 5, USUAL + limit - 1)
    assert found(entries, calibration).state == nights.NO_CHANGE
    assert found(entries, calibration).limit == pytest.approx(limit)
    entries = history(*[USUAL] * 5, USUAL + limit + 1)
    assert found(entries, calibration).state == nights.SUSPECTED
    # A machine that sees less of CPU time is asked for less.
    assert seen[CPU] > 0.1
    for factor, state in ((1.2, nights.NO_CHANGE), (1.15 + seen[CPU] + 0.01, nights.SUSPECTED)):
        values = [100_000.0] * 5 + [100_000 * factor]
        assert states(values, calibration, CPU)[-1] == state


def test_from_no_task_one_task_is_worse(calibration):
    values = [0] * 5 + [1, 1]
    assert states(values, calibration, TASKS)[-2:] == [nights.SUSPECTED, nights.CONFIRMED]


def test_the_better_of_a_nights_two_measurements_counts(calibration):
    entries = history(*[USUAL] * 5, (WORSE, USUAL), (WORSE, WORSE))
    assert found(entries[:6], calibration).state == nights.NO_CHANGE
    assert found(entries, calibration).state == nights.SUSPECTED


def test_what_nobody_measured_or_could_see_is_not_told(calibration):
    assert found(history(*[USUAL] * 8), calibration, CPU).state == nights.TOO_FEW
    blind = {**calibration, "variants": [{"name": "with-context", "metrics": [
        {**metric, "smallest_visible": None} for metric in calibration["variants"][0]["metrics"]
    ]}]}  # fmt: skip
    assert found(history(*[USUAL] * 8), blind).state == nights.TOO_FEW


def test_response_times_are_not_judged(calibration):
    assert "response_time_mean_ns" in {m["name"] for m in calibration["variants"][0]["metrics"]}
    names = {finding.metric for finding in nights.judge(history(1), calibration, POLICY)}
    assert {MEMORY, CPU, TASKS} < names
    assert not any("response_time" in name for name in names)


def test_it_is_said_between_which_commits_it_came(calibration):
    entries = history(*[USUAL] * 6, WORSE, WORSE, WORSE)
    findings = nights.judge(entries, calibration, POLICY)
    (sentence,) = nights.sentences(findings)
    assert sentence.startswith("CONFIRMED: with-context: memory_peak_bytes 60 MiB before, 66 MiB ")
    assert sentence.endswith("it came between 600000000000 and 700000000000")
    text = nights.render(entries, findings, "the table\n")
    assert text.startswith("### ❌ leakbench, nightly: CONFIRMED\n")
    assert f"- {sentence}" in text
    assert "on here; 8 earlier nights of the same scenario,\nmachine and load (5 with" in text
    assert "| memory_peak_bytes | 60 MiB | 66 MiB | 66 MiB | +1.9 MiB | CONFIRMED |" in text
    assert "\n    the table\n" in text
