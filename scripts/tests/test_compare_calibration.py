"""What a build against itself says of a machine, by the statistics of the comparison."""

import json

import pytest
from compared_runs import builds, run_of, twice, write_run

from leakbench_compare.calibration import calibrate, render
from leakbench_compare.comparison import compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.errors import ReportError
from leakbench_report.json_files import check

POLICY = read_policy(DEFAULT_POLICY)
MEMORY, CPU, TASKS = "memory_peak_bytes", "cpu_ns_per_request", "live_tasks_settled"
MIB = 2**20
STEADY = [60 * MIB + 20_000 * n for n in range(10)]
# As far up as down, so that the two do not differ.
NOISY = [80_000 + 8_000 * step for step in (0, 3, 1, 4, 2, 0, 4, 1, 3, 2)]
ALSO_NOISY = [80_000 + 8_000 * step for step in (3, 0, 4, 1, 2, 4, 0, 3, 1, 2)]


def metrics_of(document):
    return {metric["name"]: metric for metric in document["variants"][0]["metrics"]}


@pytest.fixture
def run():
    even = {MEMORY: (STEADY, STEADY[::-1]), TASKS: ([0] * 10, [0] * 10)}
    return twice(**even, **{CPU: (NOISY, ALSO_NOISY)})


def test_the_noise_is_the_smallest_change_that_can_be_seen(run):
    document = calibrate(run, POLICY)
    assert check(document, "calibration") == []
    assert (document["trusted"], document["exit_code"]) == (True, 0)
    memory, cpu = metrics_of(document)[MEMORY], metrics_of(document)[CPU]
    assert 0 < memory["smallest_visible"] < 0.005
    assert memory["smallest_regression"] == pytest.approx(0.03, abs=0.006)
    low, high = (cpu["against_itself"][end] for end in ("low", "high"))
    assert low < 0 < high
    assert (1 + cpu["smallest_visible"]) ** 2 == pytest.approx((1 + high) / (1 + low))
    assert 1 + cpu["smallest_regression"] == pytest.approx(1.15 * (1 + cpu["smallest_visible"]))


@pytest.mark.parametrize(("factor", "verdict"), [(1.02, "REGRESSION"), (0.98, "INCONCLUSIVE")])
def test_a_comparison_calls_just_that_change_a_regression(run, factor, verdict):
    """The same noise, and a head that is worse by a little more or less than was said."""
    smallest = metrics_of(calibrate(run, POLICY))[CPU]["smallest_regression"]
    change = (1 + smallest) * factor
    head = [value * change for value in ALSO_NOISY]
    compared = compare_within(run_of(builds(**{CPU: (NOISY, head)})), POLICY)
    found = {metric["name"]: metric for metric in compared["comparisons"][0]["metrics"]}[CPU]
    # Below it the change is sure all the same, but not that it is beyond the limit.
    assert found["verdict"] in (verdict, "SMALL CHANGE" if factor < 1 else verdict)


def test_a_count_that_never_varies_shows_every_task(run):
    tasks = metrics_of(calibrate(run, POLICY))[TASKS]
    assert (tasks["scale"], tasks["smallest_visible"], tasks["smallest_regression"]) == (
        "absolute", 0, 0,
    )  # fmt: skip


def test_a_machine_on_which_a_build_differs_from_itself_is_not_trusted():
    slower = twice(**{CPU: (NOISY, [2 * value for value in NOISY])})
    document = calibrate(slower, POLICY)
    assert not document["trusted"]
    assert CPU in document["reasons"][0]
    assert document["exit_code"] == 0
    assert calibrate(slower, POLICY, strict=True)["exit_code"] == 5
    assert check(document, "calibration") == []


def test_too_few_pairs_show_nothing(run):
    values = {MEMORY: (STEADY[:4], STEADY[:4]), TASKS: ([0] * 4, [0] * 4)}
    few = calibrate(twice(**values), POLICY)
    memory, tasks = metrics_of(few)[MEMORY], metrics_of(few)[TASKS]
    assert memory["smallest_visible"] is memory["smallest_regression"] is None
    assert memory["text"]["visible"] == "n/a"
    # Counts decide one by one.
    assert tasks["smallest_visible"] == tasks["smallest_regression"] == 0
    assert tasks["text"]["visible"] == "any"
    assert check(few, "calibration") == []


@pytest.mark.parametrize(("pairs", "needed"), [(4, 8), (7, 8), (8, None)])
def test_too_few_pairs_are_not_called_enough(pairs, needed):
    even = ([0] * pairs,) * 2
    values = dict.fromkeys(["leaked_tasks_per_request", TASKS, "live_tasks_after"], even)
    run = twice(**values, **{CPU: (NOISY[:pairs], ALSO_NOISY[:pairs])})
    few = calibrate(run, POLICY, strict=True)
    table = " ".join(render(few, 100).split())
    told = f"{pairs} pairs cannot tell: at least {needed} needed"
    assert (told in table) == (needed is not None)
    assert ("The build does not differ from itself" in table) == (needed is None)
    assert (few["trusted"], few["exit_code"]) == ((False, 5) if needed else (True, 0))
    assert calibrate(run, POLICY)["exit_code"] == 0


def test_a_run_without_a_build_that_was_measured_twice_is_refused():
    with pytest.raises(ReportError, match="leakbench run --calibrate"):
        calibrate(run_of(builds(**{MEMORY: (STEADY, STEADY)})), POLICY)


def test_a_run_that_is_not_whole_is_refused(run):
    run.repetitions = run.repetitions[:6]
    with pytest.raises(ReportError) as refusal:
        calibrate(run, POLICY)
    assert refusal.value.exit_code == 6


def test_the_command_keeps_it_in_the_run(run, tmp_path, call):
    folder = write_run(tmp_path / "run", run)
    result = call("compare.py", folder, "--calibrate")
    assert result.returncode == 0, result.stderr
    rows = [line.split() for line in result.stdout.splitlines() if line.startswith(MEMORY)]
    assert len(rows) == 1 and rows[0][-1] == "%"
    document = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    assert check(document, "calibration") == []
    assert document["run"]["id"] == run.plan["id"]


def test_a_comparison_of_a_calibration_says_what_to_ask_for(run, tmp_path, call, refused):
    folder = write_run(tmp_path / "run", run)
    refused(call("compare.py", folder), 2, f"compare.py {folder} --calibrate")
    arms = "with-context@base,with-context@control"
    assert call("compare.py", folder, "--arms", arms).returncode == 0


@pytest.mark.parametrize("words", [["--arms", "a,b"], ["--json", "x.json"], ["other"]])
def test_what_a_calibration_has_not_is_refused(tmp_path, call, words):
    result = call("compare.py", tmp_path, *words, "--calibrate")
    assert result.returncode == 2
    assert "--calibrate" in result.stderr
