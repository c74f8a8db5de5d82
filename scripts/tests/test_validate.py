"""scripts/validate.py finds what is wrong with a run folder."""

import json
import os

import pytest
from synthetic import write_json


def change(path, **fields):
    document = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**document, **fields})


@pytest.fixture
def repetition(run_folder):
    return run_folder / "reps" / "001_without-context.json"


def test_a_valid_run_folder_passes(call, run_folder):
    result = call("validate.py", run_folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == f"{run_folder}: valid, 4 complete repetitions\n"


def test_help_explains_the_exit_codes(call):
    result = call("validate.py", "--help")
    assert result.returncode == 0
    assert "exit codes:" in result.stdout


def test_an_unknown_field_is_refused(call, refused, run_folder):
    change(run_folder / "summary.json", surplus=1)
    refused(call("validate.py", run_folder), 2, "summary.json", "surplus")


def test_nan_is_refused(call, refused, run_folder):
    path = run_folder / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace("0.5", "NaN"), encoding="utf-8")
    refused(call("validate.py", run_folder), 2, "run.json", "NaN", "null")


def test_a_repetition_of_another_run_is_refused(call, refused, run_folder, repetition):
    change(repetition, run_id="another")
    refused(call("validate.py", run_folder), 2, repetition.name, "run_id", "'another'")


def test_a_repetition_without_its_file_is_refused(call, refused, run_folder, repetition):
    repetition.unlink()
    refused(call("validate.py", run_folder), 2, "run.json", "4 complete", "3 of them")


def test_a_repetition_without_its_samples_is_refused(call, refused, run_folder, repetition):
    (run_folder / "samples" / "001_without-context.csv").unlink()
    refused(call("validate.py", run_folder), 2, repetition.name, "001_without-context.csv")


def test_a_complete_run_without_a_summary_is_refused(call, refused, run_folder):
    (run_folder / "summary.json").unlink()
    refused(call("validate.py", run_folder), 2, "no summary.json")


def test_a_summary_that_counts_other_repetitions_is_refused(call, refused, run_folder):
    path = run_folder / "summary.json"
    arms = json.loads(path.read_text(encoding="utf-8"))["arms"]
    arms[0]["repetitions"] = 7
    change(path, arms=arms)
    refused(call("validate.py", run_folder), 2, "summary.json", "without-context", "7")


def test_an_edited_verdict_is_refused(call, refused, run_folder):
    path = run_folder / "summary.json"
    arms = json.loads(path.read_text(encoding="utf-8"))["arms"]
    arms[0]["verdict"].update({"class": "clean", "as_expected": False})
    change(path, arms=arms)
    words = "verdict class of without-context is 'clean', the rest of the run says 'lingering'"
    refused(call("validate.py", run_folder), 2, "summary.json", words)


@pytest.mark.parametrize("edited", [{"values": [7, 4]}, {"median": 7}])
def test_an_edited_counter_of_the_scenarios_own_is_refused(call, refused, run_folder, edited):
    counter = {"label": "Wasted work", "unit": "ns"}
    for index, value in ((1, 3), (4, 4)):
        path = run_folder / "reps" / f"{index:03}_without-context.json"
        change(path, counters=[{**counter, "per_request": value}])
    path = run_folder / "summary.json"
    arms = json.loads(path.read_text(encoding="utf-8"))["arms"]
    whole = {**counter, "median": 3.5, "values": [3, 4]}
    arms[0]["counters"] = [whole]
    change(path, arms=arms)
    assert call("validate.py", run_folder).returncode == 0
    arms[0]["counters"] = [{**whole, **edited}]
    change(path, arms=arms)
    refused(call("validate.py", run_folder), 2, "summary.json", "without-context Wasted work")


def test_a_file_outside_the_run_folder_is_refused(call, refused, run_folder, repetition):
    change(repetition, samples_file="../elsewhere.csv")
    refused(call("validate.py", run_folder), 2, "../elsewhere.csv", "outside")


@pytest.mark.skipif(
    "LEAKBENCH_RUN_FOLDER" not in os.environ, reason="LEAKBENCH_RUN_FOLDER names no run folder"
)
def test_the_run_folder_given_by_the_environment_is_valid_and_can_be_shown(call, tmp_path):
    folder = os.environ["LEAKBENCH_RUN_FOLDER"]
    valid = call("validate.py", folder)
    assert valid.returncode == 0, valid.stderr
    drawn = call("plot.py", folder, "-o", tmp_path / "charts")
    assert drawn.returncode == 0, drawn.stderr
    assert len(drawn.stdout.splitlines()) >= 8, drawn.stderr
    reported = call("report.py", folder, "--out", tmp_path / "report.html")
    assert reported.returncode == 0, reported.stderr
