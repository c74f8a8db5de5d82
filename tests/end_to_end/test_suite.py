"""`leakbench run --all`: every scenario, and first the one whose leaks were planted."""

import json
import os

import pytest
from conftest import SOURCE, write_manifest

QUICK = {"longest_task": "50ms", "margin": "250ms", "linger_after": "200ms"}


@pytest.fixture
def suite(tmp_path):
    """A folder of scenarios: a control with these planted leaks, and orphaned-task with one arm."""

    def write(planted):
        folder = tmp_path / "scenarios"
        for name in ("planted-leaks", "orphaned-task"):
            (folder / name).mkdir(parents=True)
        control = json.loads((SOURCE / "scenarios/planted-leaks/scenario.json").read_text())
        control["settle"] = QUICK
        control["load"] |= {"requests": 200, "warmup_requests": 200, "connections": 20}
        if planted is None:
            del control["variants"][0]["planted"]
        else:
            control["variants"][0]["planted"] |= planted
        (folder / "planted-leaks/scenario.json").write_text(json.dumps(control))
        clean = [{"name": "with-context", "expect": "clean"}]
        write_manifest(folder / "orphaned-task", variants=clean)
        return os.environ | {"LEAKBENCH_SCENARIOS": str(folder)}

    return write


def test_runs_the_control_and_then_the_others(leakbench, suite):
    finished = leakbench("run", "--all", "--pairs", 1, env=suite({}))
    assert finished.code == 0, finished.err
    assert finished.out.index("planted-leaks ·") < finished.out.index("orphaned-task ·")
    assert "2 of 2 scenarios run" in finished.out
    assert "harness broken" not in finished.out


@pytest.mark.parametrize(
    "planted, complaint",
    [
        ({"per_1000_requests": "10"}, "leaks 10 tasks per 1,000 requests by plan, 5 were found"),
        ({"file": "elsewhere/"}, "leaks in elsewhere/ by plan, and "),
    ],
)
def test_a_control_that_fails_says_that_the_harness_is_broken_and_ends_the_suite(
    leakbench, suite, planted, complaint
):
    finished = leakbench("run", "--all", "--pairs", 1, env=suite(planted))
    assert finished.code == 4
    assert f"harness broken: leaking {complaint}" in finished.err
    assert "1 of 2 scenarios run" in finished.out
    assert "orphaned-task ·" not in finished.out


def test_a_suite_without_a_control_is_refused(leakbench, suite):
    finished = leakbench("run", "--all", env=suite(None))
    assert finished.code == 2
    assert "planted leaks" in finished.err


def test_a_scenario_beside_all_of_them_is_refused(leakbench):
    finished = leakbench("run", "--all", "orphaned-task")
    assert finished.code == 2
