"""What scripts/gate-selftest plants and how it counts."""

import json
import os
import subprocess

import pytest
from conftest import SCRIPTS

from leakbench_compare import selftest
from leakbench_report.json_files import check

CONTROL, _, MEMORY, _ = selftest.PLANTS


def document(*failing, estimate=0.1):
    """As much of a comparison as is counted."""
    names = ("live_tasks_settled", "memory_peak_bytes", "cpu_ns_per_request")
    common = {"scale": "relative", "change": {"estimate": estimate}}
    metrics = [{"name": name, "fails": name in failing, **common} for name in names]
    return {"comparisons": [{"metrics": metrics}]}


def tally_of(plant, *failing):
    tally = selftest.Tally(plant)
    for names in failing:
        tally.add(3 if names else 0, document(*names))
    return tally


def test_caught_is_what_fails_for_the_right_reason():
    tally = tally_of(MEMORY, ["memory_peak_bytes"], ["cpu_ns_per_request"], [])
    assert (tally.caught, tally.failed_otherwise, tally.undecided) == (1, 1, 1)
    assert tally.row() == "| +10 % peak memory | 3 | 1 | 1 | 1 | 10 % (10 to 10) |"


def test_whatever_fails_where_nothing_was_planted_is_a_false_alarm():
    tally = tally_of(CONTROL, ["memory_peak_bytes"], [])
    assert (tally.caught, tally.failed_otherwise, tally.undecided) == (0, 1, 1)
    assert tally.row() == "| nothing | 2 | - | 1 | 1 | - |"


@pytest.mark.parametrize(
    ("failing", "good"),
    [
        ({}, True),
        ({"leak": []}, False),
        ({"memory": []}, False),
        ({"cpu": []}, True),  # as good as the machine
        ({"control": ["memory_peak_bytes"]}, False),
    ],
)
def test_the_gate_works_when_leaks_and_memory_are_caught_and_nothing_else_fails(failing, good):
    tallies = [
        tally_of(plant, failing.get(plant.name, [plant.metric] if plant.metric else []))
        for plant in selftest.PLANTS
    ]
    assert selftest.passed(tallies) is good


def test_a_build_gives_the_server_the_planted_options_behind_all_others(tmp_path):
    server = tmp_path / "it's a server"
    server.write_text('#!/bin/sh\necho "$@"\n')
    server.chmod(0o755)
    words = selftest.prepare(tmp_path, server, selftest.PLANTS)
    manifest = json.loads((tmp_path / "gate-selftest.json").read_text(encoding="utf-8"))
    assert check(manifest, "manifest") == []
    builds = dict(word.split("=", 1) for word in words if "=" in word)
    assert list(builds) == ["base", "control", "leak", "memory", "cpu"]
    said = {
        name: subprocess.check_output(
            [os.path.join(folder, "leakbench-server"), "--payload", "1"], encoding="utf-8"
        ).strip()
        for name, folder in builds.items()
    }
    assert said["base"] == said["control"] == "--payload 1"
    assert said["memory"] == "--payload 1 --payload 40136"


def test_what_is_not_to_be_planted_is_no_arm(tmp_path):
    words = selftest.prepare(tmp_path, tmp_path / "server", [MEMORY])
    assert [word.split("=")[0] for word in words if "=" in word] == ["base", "memory"]


@pytest.mark.parametrize("words", [["--times", "0"], ["--pairs", "x"]])
def test_numbers_that_are_none_are_refused(words):
    done = subprocess.run(
        [SCRIPTS / "gate-selftest", *words], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert "is not a whole number from 1 on" in done.stderr


def test_without_leakbench_it_says_how_to_build_it(tmp_path, call, refused):
    refused(call("gate-selftest", "--bin", tmp_path), 2, "cmake --build --preset release")
