"""scripts/report.py says clearly what is missing or wrong in a run, with the right exit code."""

import json

import pytest
from report_outline import text_of
from synthetic import make_run, write_json


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def change(path, **fields):
    write_json(path, {**load(path), **fields})


def test_published_figures_have_a_column_only_where_there_are_some(report, only, run_folder):
    only("table")
    summary = load(run_folder / "summary.json")
    for row in summary["table"]:
        row["published"] = None
    write_json(run_folder / "summary.json", summary)
    assert report(run_folder).returncode == 0
    assert "ublished" not in text_of(run_folder / "report.html")


def test_a_chart_that_lacks_data_is_named_with_the_reason(report, only, tmp_path):
    only("live_tasks", "tasks_per_round", "drain_time")
    folder = make_run(tmp_path / "run", blocks=1, unmeasured=("live_tasks", "drain_time_ns"))
    assert report(folder).returncode == 0
    text = text_of(folder / "report.html")
    assert "No chart live_tasks: no complete repetition has samples of live tasks." in text
    assert "No chart drain_time" in text
    # Nothing is missing, but a reader who looks for growth learns what to run.
    why = "each repetition has one round; growth shows from two on"
    assert f"No chart tasks_per_round: {why}." in text


def fail(folder, index, status="failed", error="the server died"):
    plan = load(folder / "run.json")
    plan["status"] = "failed"
    plan["repetitions"][index].update(status=status, file=None, error=error)
    write_json(folder / "run.json", plan)


def test_a_failed_repetition_is_said_to_have_failed(report, only, run_folder):
    only()
    fail(run_folder, 3)
    (run_folder / "summary.json").unlink()
    result = report(run_folder)
    assert result.returncode == 0
    assert "note: repetition 4 (without-context) is left out" in result.stderr
    text = text_of(run_folder / "report.html")
    assert "Incomplete run. As expected" in text
    assert "3 of 4 repetitions complete" in text
    assert "failed: the server died" in text
    assert "There is no table: summary.json is written when a run ends" in text


def test_missing_files_are_named_in_the_page(report, refused, only, run_folder):
    only()
    (run_folder / "reps" / "001_without-context.json").unlink()
    (run_folder / "samples" / "002_with-context.csv").unlink()
    lost = "has lost reps/001_without-context.json"
    refused(report(run_folder), 6, lost, "report.html is of the others")
    text = text_of(run_folder / "report.html")
    assert "Incomplete run. As expected" in text
    assert "its file reps/001_without-context.json is missing" in text
    assert "repetition 2 (with-context) has no timeline" in text


def test_charts_of_a_run_without_samples_are_drawn_as_far_as_there_is_data(
    report, only, run_folder
):
    only("cpu", "response_time")
    for path in (run_folder / "samples").iterdir():
        path.unlink()
    assert report(run_folder).returncode == 0
    text = text_of(run_folder / "report.html")
    assert "No chart cpu" in text
    assert "Response time by percentile" in text


def kill(folder, index):
    """Makes a run one that was killed in the repetition with this number, and leaves its files."""
    plan = load(folder / "run.json")
    plan.update(status="running", finished_utc=None)
    for place, entry in enumerate(plan["repetitions"], start=1):
        if place >= index:
            entry.update(status="running" if place == index else "planned", file=None)
    write_json(folder / "run.json", plan)
    (folder / "summary.json").unlink()


def test_a_run_that_was_killed_is_said_never_to_have_ended(report, only, run_folder):
    only()
    kill(run_folder, 3)
    result = report(run_folder)
    assert result.returncode == 0
    assert "never ended: it was killed, unless it is still running" in result.stderr
    assert "repetition 3 (with-context) is left out: never ended" in result.stderr
    assert "repetition 4 (without-context) is left out: never started" in result.stderr
    text = text_of(run_folder / "report.html")
    assert "2 of 4 repetitions complete, and the run never ended" in text
    assert "When the run ended" in text and "it was killed" in text
    assert "running" not in text.replace("unless it is still running", "")


def test_a_run_that_was_killed_at_once_has_no_result_and_never_ended(report, refused, run_folder):
    kill(run_folder, 1)
    refused(report(run_folder), 6, "no complete repetition")
    text = text_of(run_folder / "report.html")
    assert "No result: 0 of 4 repetitions complete, and the run never ended" in text


@pytest.mark.parametrize("status", ["planned", "running", "failed", "interrupted"])
def test_a_run_without_a_complete_repetition_says_why(report, refused, run_folder, status):
    for index in range(4):
        fail(run_folder, index, status, "no port was free" if status == "failed" else None)
    (run_folder / "summary.json").unlink()
    result = report(run_folder)
    refused(result, 6, "no complete repetition", "report.html")
    text = text_of(run_folder / "report.html")
    assert "No result: 0 of 4 repetitions complete" in text
    if status == "failed":
        assert "The first error: no port was free" in text


def test_one_arm_alone_is_reported(report, only, run_folder):
    only("live_tasks", "pause")
    plan = load(run_folder / "run.json")
    plan["repetitions"] = [e for e in plan["repetitions"] if e["arm"] == "with-context"]
    write_json(run_folder / "run.json", plan)
    (run_folder / "summary.json").unlink()
    assert report(run_folder).returncode == 0
    assert "without-context has no result" in text_of(run_folder / "report.html")


def test_arms_with_names_of_their_own_are_reported(report, only, tmp_path):
    only("live_tasks", "table")
    folder = make_run(tmp_path / "run", blocks=1)
    for path in [folder / "run.json", folder / "summary.json", *(folder / "reps").iterdir()]:
        document = path.read_text(encoding="utf-8").replace('"without-context"', '"base"')
        path.write_text(document.replace('"with-context"', '"head"'), encoding="utf-8")
    summary = load(folder / "summary.json")
    for row in summary["table"]:
        row.update({"without": None, "with": None, "change_percent": None})
    write_json(folder / "summary.json", summary)
    assert report(folder).returncode == 0
    text = text_of(folder / "report.html")
    assert "As expected: base lingers, head is clean" in text
    assert "of which this run has no figures" in text


@pytest.mark.parametrize(
    "damage, words",
    [
        (lambda s: s["arms"][0].update(repetitions=7), "repetitions of without-context is 7"),
        (lambda s: s.update(run_id="another"), "run_id is 'another'"),
        (lambda s: s.update(as_expected=False), "as_expected is False"),
        (
            lambda s: s["arms"][1]["metrics"]["live_tasks_after"].update(median=0),
            "median of with-context live_tasks_after is 0",
        ),
        (
            lambda s: s["arms"][1]["metrics"]["live_tasks_after"]["values"].__setitem__(0, 5),
            "values of with-context live_tasks_after is [5, 12]",
        ),
        (
            lambda s: s["arms"][0]["verdict"].update(expected="clean", as_expected=False),
            "verdict expected of without-context is 'clean'",
        ),
        (
            lambda s: s["arms"][0]["verdict"].update({"class": "clean"}),
            "verdict class of without-context is 'clean', the rest of the run says 'lingering'",
        ),
        (
            lambda s: s["arms"][0]["verdict"].update(as_expected=False),
            "verdict as_expected of without-context is False",
        ),
        (lambda s: s["table"][0].update({"with": 1}), "with context of the row response_time_mean_ns is 1"),
    ],
)
def test_figures_edited_by_hand_are_refused(report, refused, run_folder, damage, words):
    summary = load(run_folder / "summary.json")
    damage(summary)
    write_json(run_folder / "summary.json", summary)
    refused(report(run_folder), 2, "summary.json", words)
    assert not (run_folder / "report.html").exists()


def test_a_repetition_edited_by_hand_is_refused(report, refused, run_folder):
    path = run_folder / "reps" / "002_with-context.json"
    whole = load(path)
    verdict = {**whole["verdict"], "class": "leaking"}
    write_json(path, {**whole, "verdict": verdict})
    refused(report(run_folder), 2, path.name, "verdict as_expected of with-context is True")
    write_json(path, {**whole, "verdict": {**verdict, "as_expected": False}})
    refused(report(run_folder), 2, "verdict class of with-context is 'clean'", "'inconclusive'")
    write_json(path, {**whole, "metrics": {**whole["metrics"], "cpu_percent": 1}})
    refused(report(run_folder), 2, "summary.json", "values of with-context cpu_percent")


def test_a_verdict_edited_beside_a_lost_repetition_is_refused(report, refused, only, run_folder):
    only()
    (run_folder / "reps" / "001_without-context.json").unlink()
    summary = load(run_folder / "summary.json")
    verdict = summary["arms"][0]["verdict"]
    # The lost one may have said something else, but together they can then not be clean.
    for found, code in (("inconclusive", 6), ("clean", 2)):
        verdict.update({"class": found, "as_expected": False})
        write_json(run_folder / "summary.json", {**summary, "as_expected": False})
        assert report(run_folder).returncode == code


def test_repetitions_that_disagree_are_inconclusive_in_the_summary(report, only, run_folder):
    only()
    path = run_folder / "reps" / "001_without-context.json"
    repetition = load(path)
    repetition["verdict"].update({"class": "leaking", "as_expected": False})
    write_json(path, repetition)
    summary = load(run_folder / "summary.json")
    summary["arms"][0]["verdict"].update({"class": "inconclusive", "as_expected": False})
    write_json(run_folder / "summary.json", {**summary, "as_expected": False})
    assert report(run_folder).returncode == 0


def test_a_median_that_the_harness_rounded_is_no_disagreement(report, only, run_folder):
    only()
    summary = load(run_folder / "summary.json")
    metric = summary["arms"][0]["metrics"]["memory_peak_bytes"]
    metric["median"] += 0.5
    summary["table"][2]["without"] = metric["median"]
    write_json(run_folder / "summary.json", summary)
    assert report(run_folder).returncode == 0
    assert "disagree" not in text_of(run_folder / "report.html")


@pytest.mark.parametrize("name", ["run.json", "summary.json", "reps/002_with-context.json"])
@pytest.mark.parametrize("share", [0, 0.3, 0.97])
def test_a_truncated_file_is_named_with_the_reason(report, refused, run_folder, name, share):
    path = run_folder / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(report(run_folder), 2, name, "truncated" if share else "empty")
    assert not (run_folder / "report.html").exists()


@pytest.mark.parametrize("field", ["arms", "headline", "table", "as_expected"])
def test_a_field_that_is_missing_or_of_another_type_is_named(report, refused, run_folder, field):
    summary = load(run_folder / "summary.json")
    write_json(run_folder / "summary.json", {**summary, field: 7})
    refused(report(run_folder), 2, "summary.json", field)
    summary.pop(field)
    write_json(run_folder / "summary.json", summary)
    refused(report(run_folder), 2, "summary.json", field)


def test_half_a_character_is_refused(report, refused, run_folder):
    change(run_folder / "summary.json", headline="\ud800")
    refused(report(run_folder), 2, "summary.json", "half a character")


@pytest.mark.parametrize("name", ["run.json", "summary.json", "reps/002_with-context.json"])
def test_a_newer_major_version_is_refused(report, refused, run_folder, name):
    change(run_folder / name, schema_version="2.0.0")
    refused(report(run_folder), 7, name, "2.0.0", "1.x")


def test_a_newer_minor_version_is_read(report, only, run_folder):
    only()
    change(run_folder / "run.json", schema_version="1.7.0", more=1)
    assert report(run_folder).returncode == 0


def test_a_file_outside_the_run_folder_is_refused(report, refused, run_folder):
    change(run_folder / "reps" / "001_without-context.json", samples_file="../elsewhere.csv")
    refused(report(run_folder), 2, "../elsewhere.csv", "outside")


def test_folders_that_hold_no_run_are_named(report, refused, tmp_path):
    refused(report(tmp_path / "nowhere"), 2, "no run folder", "nowhere")
    refused(report(tmp_path), 2, "is not a run folder", "run.json")


@pytest.mark.parametrize("place", ["", "taken/report.html"])
def test_a_place_that_cannot_be_written_is_named(
    report, refused, only, run_folder, tmp_path, place
):
    only()
    (tmp_path / "taken").write_text("a file")
    refused(report(run_folder, "--out", tmp_path / place), 2, "cannot write", "--out")
