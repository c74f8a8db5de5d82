"""Verdicts that nobody expects, and the places of leaks, as a comparison tells them."""

from xml.etree import ElementTree

import pytest
from compared_runs import builds, run_of

from leakbench_compare import junit, leaks, markdown
from leakbench_compare.comparison import compare_between, compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.json_files import check

POLICY = read_policy(DEFAULT_POLICY)
BASE, HEAD = "with-context@base", "with-context@head"
CLEAN, LEFT = [0] * 8, [5] * 8
COMMITS = {BASE: "a" * 40, HEAD: "b" * 40}


def site(line=20, settled=5, live=9, file="/home/me/svc/build/compare/{}/main.go", **fields):
    return {
        "name": "main.work.func1", "file": file, "line": line, "function": "main.work",
        "live": live, "settled": settled, "waits": {}, **fields,
    }  # fmt: skip


def run_with(tasks, sites=None, verdicts=None):
    """`tasks` left over of base and head, the `sites` of each arm, (class, expected) of some."""
    run = run_of(builds(live_tasks_settled=tasks, live_tasks_after=tasks))
    for repetition in run.repetitions:
        commit = COMMITS[repetition.arm]
        repetition.report["leak_sites"] = [
            {**each, "file": each["file"].format(commit)}
            for each in (sites or {}).get(repetition.arm, [])
        ]
    run.summary = {"arms": []}
    for arm in (BASE, HEAD):
        found, expected = (verdicts or {}).get(arm, ("clean", "clean"))
        verdict = {"class": found, "expected": expected, "as_expected": found == expected}
        entry = {"name": arm, "verdict": {**verdict, "reason": "5 tasks were alive."}}
        run.summary["arms"].append(entry)
    return run


def compared(*words, **options):
    document = compare_within(run_with(*words, **options), POLICY)
    assert check(document, "comparison") == []
    return document


def failures(document):
    root = ElementTree.fromstring(junit.render(document))
    found = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    return {name: each.get("message") for name, each in found.items() if each is not None}


def test_a_leak_that_base_and_head_share_fails_by_its_name():
    sites = {arm: [site()] for arm in (BASE, HEAD)}
    leaking = {arm: ("leaking", "clean") for arm in (BASE, HEAD)}
    document = compared((LEFT, LEFT), sites, leaking)
    assert (document["verdict"], document["exit_code"]) == ("NOT AS EXPECTED", 4)
    assert document["reasons"] == [
        f"{HEAD} is leaking, expected clean: 5 tasks were alive",
        f"{HEAD}: 5 tasks left over, started at main.go:20 (main.work.func1); {BASE}: 5 tasks",
    ]
    assert list(failures(document)) == ["verdict"]
    assert failures(document)["verdict"].endswith("; main.go:20 (main.work.func1)")
    assert f"- {BASE.replace('@', '@' + chr(0x200B))} is leaking" in markdown.render(document)


def test_a_leak_of_the_base_alone_fails_nothing():
    document = compared((LEFT, CLEAN), {BASE: [site()]}, {BASE: ("leaking", "clean")})
    assert (document["verdict"], document["exit_code"]) == ("IMPROVED", 0)
    assert document["comparisons"][0]["leak_sites"] == []
    assert failures(document) == {}


def test_a_head_that_does_not_leak_where_it_should_fails_too():
    both = {arm: ("clean", "leaking") for arm in (BASE, HEAD)}
    document = compared((CLEAN, CLEAN), {HEAD: [site(settled=0)]}, both)
    assert (document["verdict"], document["exit_code"]) == ("NOT AS EXPECTED", 4)
    assert document["reasons"] == [f"{HEAD} is clean, expected leaking: 5 tasks were alive"]


def test_what_could_not_be_told_is_not_unexpected():
    document = compared((CLEAN, CLEAN), {}, {HEAD: ("inconclusive", "clean")})
    assert document["exit_code"] == 0
    assert document["comparisons"][0]["unexpected"] == []


def test_a_regression_is_graver_and_what_was_not_expected_is_said_all_the_same():
    document = compared((CLEAN, LEFT), {HEAD: [site()]}, {HEAD: ("leaking", "clean")})
    assert (document["verdict"], document["exit_code"]) == ("REGRESSION", 3)
    assert any(line.startswith(f"{HEAD} is leaking") for line in document["reasons"])
    assert document["reasons"][-1].endswith(f"main.go:20 (main.work.func1); {BASE}: none")
    told = failures(document)
    assert told["live_tasks_settled"].endswith("; main.go:20 (main.work.func1)")
    assert "verdict" in told


def test_of_two_runs_what_is_not_expected_decides_nothing_unless_asked_to():
    run = run_with((CLEAN, CLEAN), {}, {HEAD: ("leaking", "clean")})
    other = run_with((CLEAN, CLEAN), {}, {HEAD: ("leaking", "clean")})
    other.plan["id"] = "made-up-2"
    for repetition in other.repetitions:
        repetition.report["run_id"] = "made-up-2"
    for gating, code in ((False, 0), (True, 4)):
        document = compare_between(run, other, POLICY, gating=gating)
        assert (document["verdict"], document["exit_code"]) == ("NOT AS EXPECTED", code)
        assert bool(failures(document)) == gating


@pytest.mark.parametrize(
    ("base", "head", "named"),
    [
        ([], [site()], [(20, 0, 5)]),
        # An old place below a new line, and a new place.
        ([site(20)], [site(22), site(30, settled=8)], [(30, 5, 8)]),
        ([site(20)], [site(20), site(30)], [(30, 0, 5)]),
        ([site(20, settled=3)], [site(20, settled=8), site(31, settled=2, name="other")],
         [(20, 3, 8), (31, 0, 2)]),
        ([], [site(), site(30, allowed_because="a pool")], [(20, 0, 5)]),
        # The same start, waiting at two places.
        ([], [site(), site(settled=2)], [(20, 0, 7)]),
        # Written before there was a count of what is left over.
        ([], [site(settled=None)], [(20, 0, 9)]),
    ],
)  # fmt: skip
def test_a_place_is_named_when_the_head_has_more_tasks_there(base, head, named):
    document = compared((CLEAN, LEFT), {BASE: base, HEAD: head})
    sites = document["comparisons"][0]["leak_sites"]
    assert [(each["line"], each["base"], each["head"]) for each in sites] == named


def test_no_place_is_named_where_no_count_of_tasks_has_become_worse():
    document = compared((CLEAN, CLEAN), {HEAD: [site()]})
    assert document["comparisons"][0]["leak_sites"] == []


def test_builds_of_other_folders_have_the_same_places():
    old, new = site(file="/tmp/old/main.go"), site(file="/tmp/new/main.go", settled=8)
    sites = {BASE: [old], HEAD: [new]}
    (found,) = compared((LEFT, [8] * 8), sites)["comparisons"][0]["leak_sites"]
    assert (found["file"], found["base"], found["head"]) == ("/tmp/new/main.go", 5, 8)


def test_of_many_places_the_first_are_said_and_all_are_kept():
    sites = [site(line, settled=line) for line in range(1, 6)]
    document = compared((CLEAN, LEFT), {HEAD: sites})
    assert [each["line"] for each in document["comparisons"][0]["leak_sites"]] == [5, 4, 3, 2, 1]
    assert document["reasons"][-1] == f"{HEAD}: 2 more places; all are in the JSON"
    assert "main.go:3 " in document["reasons"][-2]


def test_a_place_is_said_as_far_as_it_is_known():
    place = {"process": "", "file": "", "line": 0, "function": "", "name": "work"}
    assert leaks.place_of(place) == "work"
    assert leaks.place_of({**place, "file": "a.cc"}) == "a.cc (work)"
    place |= {"file": "a.cc", "line": 3, "process": "db"}
    assert leaks.place_of(place) == "a.cc:3 (work) in db"
