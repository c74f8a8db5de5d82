"""What the report says in words: the verdict, the commands, and text that came from elsewhere."""

import json

import pytest
from synthetic import make_run, write_json

from leakbench_report.html import commands, facts, page, words
from leakbench_report.run_folder import read_run


@pytest.fixture
def run(run_folder):
    return read_run(run_folder)


def title_of(run):
    return words.title(run, words.verdicts_of(run))


def set_verdict(run, index, kind, as_expected):
    run.summary["arms"][index]["verdict"].update({"class": kind, "as_expected": as_expected})


def test_the_title_is_the_verdict(run):
    assert title_of(run) == "As expected: without-context lingers, with-context is clean"


def test_what_is_not_as_expected_comes_first(run):
    set_verdict(run, 1, "leaking", False)
    wanted = "Not as expected: with-context leaks (expected clean), without-context lingers"
    assert title_of(run) == wanted


def test_a_detector_that_does_not_fire_is_not_as_expected(run):
    set_verdict(run, 0, "clean", False)
    assert "without-context is clean (expected lingering)" in title_of(run)


def test_no_verdict_is_said_as_such(run):
    set_verdict(run, 0, "inconclusive", False)
    assert "without-context is inconclusive (expected lingering)" in title_of(run)


def test_an_incomplete_run_says_so_first(run):
    run.plan["status"] = "interrupted"
    assert title_of(run).startswith("Incomplete run. As expected: ")


def test_a_run_without_repetitions_has_no_result(run):
    run.repetitions.clear()
    assert title_of(run) == "No result: 0 of 4 repetitions complete"


def test_without_a_summary_the_repetitions_speak(run):
    run.summary = None
    assert title_of(run) == "As expected: without-context lingers, with-context is clean"


def test_repetitions_that_disagree_are_inconclusive(run):
    run.summary = None
    run.repetitions_of("with-context")[0].report["verdict"]["class"] = "leaking"
    verdict = words.verdicts_of(run)[1]
    assert verdict.kind == "inconclusive"
    assert verdict.reason == "The repetitions disagree: clean 1, leaking 1."
    assert "Not as expected: with-context is inconclusive" in title_of(run)


def test_an_arm_without_a_repetition_has_no_result_and_the_first_error(run):
    run.summary = None
    for entry in run.plan["repetitions"]:
        if entry["arm"] == "with-context":
            entry.update(status="failed", error="the server died")
    run.repetitions = run.repetitions_of("without-context")
    verdict = words.verdicts_of(run)[1]
    assert (verdict.kind, verdict.as_expected) == (None, False)
    assert verdict.reason == "The first error: the server died"
    assert title_of(run).startswith("Not as expected: with-context has no result")


def test_a_verdict_names_the_first_place_that_started_the_tasks(run):
    last = run.repetitions_of("without-context")[-1].report
    first = {**last["leak_sites"][0], "line": 7, "live": 1}
    known = {**first, "line": 8, "allowed_because": "a pool"}
    last["leak_sites"] = [known, first, *last["leak_sites"]]
    found = words.origins_of(run, words.verdicts_of(run))
    assert found == {"without-context": ("scenarios/made-up/server.cc:7", 2)}
    last["leak_sites"] = [known]
    assert words.origins_of(run, words.verdicts_of(run)) == {}


def test_the_commands_check_out_build_and_run(run):
    run.plan["argv"] = ["build/release/bin/leakbench", "run", "my scenario.json", "--pairs", "1"]
    run.plan["environment"]["git_commit"] = "0123abc"
    assert commands.commands_of(run) == [
        "git checkout 0123abc",
        "cmake --preset release && cmake --build --preset release",
        "build/release/bin/leakbench run 'my scenario.json' --pairs 1 --seed 42",
    ]
    assert commands.doubt_of(run) is None


@pytest.mark.parametrize("given", [["--seed", "7"], ["--seed=7"]])
def test_a_seed_that_was_given_is_not_given_again(run, given):
    run.plan["argv"] = ["leakbench", "run", "x", *given]
    assert commands.commands_of(run)[-1] == f"leakbench run x {' '.join(given)}"


@pytest.mark.parametrize(
    "commit, dirty, doubt",
    [("0123abc", True, "not committed"), (None, None, "not known"), (None, False, "not known")],
)
def test_what_the_commands_cannot_bring_back_is_said(run, commit, dirty, doubt):
    run.plan["environment"].update(git_commit=commit, git_dirty=dirty)
    assert doubt in commands.doubt_of(run)


def test_facts_read_as_people_write_them(run):
    rows = dict(map(tuple, facts.environment_table(run).rows))
    assert rows["Memory of the machine"] == "4 GiB"
    assert rows["Commit that was built"] == "not known"
    assert rows["Sanitizers built in"] == "none"
    assert rows["Cores this process may use"] == "[0, 1]"
    plan = dict(map(tuple, facts.plan_table(run).rows))
    assert plan["Seed of every random choice of the run"] == "42"
    assert plan["Length of the settle window after the last response"] == "7 s"
    assert plan["When the run started"] == "2000-01-01T00:00:00Z"


def test_a_field_that_the_schema_does_not_know_is_shown_by_its_name(run):
    run.plan["environment"]["governor"] = {"cpu0": "performance"}
    rows = dict(map(tuple, facts.environment_table(run).rows))
    assert rows["governor"] == '{"cpu0": "performance"}'


def test_a_repetition_shows_what_was_not_answered(run):
    run.repetitions[0].report["load"]["requests"].update(ok=19_990, timeout=7, reset=3)
    row = facts.repetitions_table(run).texts()[0]
    assert row[5:8] == ["20,000", "19,990", "reset 3, timeout 7"]


def test_every_metric_is_shown_with_its_range(run):
    rows = {row[0]: row for row in facts.metrics_table(run).texts()}
    assert rows["live_tasks_after"][1:3] == ["20,000", "12"]
    assert rows["gc_pause_total_ns"][1:3] == ["n/a", "n/a"]
    assert rows["response_time_mean_ns"][1] == "1.89 s"
    run.repetitions_of("without-context")[0].report["metrics"]["live_tasks_after"] = 19_000
    rows = {row[0]: row for row in facts.metrics_table(run).texts()}
    assert rows["live_tasks_after"][1] == "19,500 (19,000 to 20,000)"


EVIL = '<script>alert("1")</script><img src=x onerror=y> & \'q\' \x00\x1b[31m \u202eevil $x^2$'


TEXTS = (
    "title", "headline", "label", "text", "reason", "message", "argv", "function", "cpu_model",
    "kernel", "compiler", "git_commit", "tool_version", "run_id", "manifest",
)


def spoil(value, name=""):
    """Returns `value` with EVIL in the place of every text that a report shows."""
    if isinstance(value, dict):
        return {key: spoil(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [spoil(each, name) for each in value]
    return EVIL if name in TEXTS and isinstance(value, str) else value


def poison(folder):
    for path in [folder / "run.json", folder / "summary.json", *(folder / "reps").iterdir()]:
        document = spoil(json.loads(path.read_text(encoding="utf-8")))
        for site in document.get("leak_sites", []):
            site.update(name=EVIL, file=EVIL, waits={EVIL: 1})
        if path.name == "run.json":
            document["id"] = EVIL
            document["repetitions"][0].update(status="failed", error=EVIL)
        write_json(path, document)


@pytest.fixture(scope="module")
def poisoned_page(tmp_path_factory):
    folder = make_run(tmp_path_factory.mktemp("evil") / "run", blocks=2)
    poison(folder)
    with pytest.MonkeyPatch.context() as patch:
        # The charts with text from the run.
        patch.setattr(page, "CHARTS", {n: page.CHARTS[n] for n in ("leak_sites", "table")})
        return page.build_page(read_run(folder))


def test_text_from_a_run_is_text_in_the_page(poisoned_page):
    assert "<script" not in poisoned_page
    assert "<img" not in poisoned_page
    assert poisoned_page.count("&lt;script&gt;") > 20


def test_control_characters_do_not_reach_the_page(poisoned_page):
    assert not set("\x00\x1b\u202e") & set(poisoned_page)


def test_a_dollar_sign_is_a_dollar_sign(poisoned_page):
    assert "$x^2$" in poisoned_page
