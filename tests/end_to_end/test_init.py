"""`leakbench init`: what it writes follows the schema, and `leakbench run` takes it."""

import json
import re

import jsonschema
import pytest
from conftest import SERVER, SOURCE, one_line_error

SCHEMA = json.loads((SOURCE / "schemas/manifest.schema.json").read_text())
KINDS = ("go", "prometheus", "leakbench", "none")


def without_comments(text):
    """No string of an example has two slashes with a blank before them."""
    return re.sub(r"(^|\s)//.*", r"\1", text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", ([], ["--url", "http://127.0.0.1:8080"]), ids=["started", "url"])
def test_the_example_follows_the_schema(leakbench, tmp_path, kind, url):
    finished = leakbench("init", "mine.json", "--kind", kind, *url)
    assert finished.code == 0, finished.err
    manifest = json.loads(without_comments((tmp_path / "mine.json").read_text()))
    jsonschema.Draft202012Validator(SCHEMA).validate(manifest)


def test_it_says_what_to_run_next(leakbench, tmp_path):
    finished = leakbench("init")
    assert (tmp_path / "leakbench.json").exists()
    assert finished.out.splitlines()[-2:] == [
        "  leakbench run leakbench.json --requests 100 --concurrency 10 --pairs 1",
        "  leakbench run leakbench.json",
    ]


def test_without_a_source_it_says_that_nothing_will_be_concluded(leakbench, tmp_path):
    finished = leakbench("init", "--kind", "none")
    assert finished.out.splitlines()[-1] == (
        'nothing counts its tasks: a run ends "inconclusive", with exit status 4'
    )
    path = tmp_path / "leakbench.json"
    command = [str(SERVER), "orphaned-task", "--variant", "with-context", "--port", "{port}"]
    named = f'"command": {json.dumps(command)}'
    text = re.sub(r'"command": \[.*?\]', named, path.read_text(), flags=re.DOTALL)
    path.write_text(text.replace('"rounds": 5', '"rounds": 1'))
    finished = leakbench("run", path, "--requests", 100, "--concurrency", 10, "--pairs", 1)
    assert finished.code == 4
    assert "as-it-is: inconclusive, but clean was expected" in finished.out


def test_it_runs_once_the_command_is_named(leakbench, tmp_path):
    leakbench("init", "mine.json", "--kind", "leakbench")
    path = tmp_path / "mine.json"
    command = [str(SERVER), "orphaned-task", "--variant", "with-context", "--port", "{port}"]
    command += ["--control-port", "{control_port}"]
    named = f'"command": {json.dumps(command)}'
    path.write_text(re.sub(r'"command": \[.*?\]', named, path.read_text(), flags=re.DOTALL))
    finished = leakbench("run", path, "--requests", 100, "--concurrency", 10, "--pairs", 1)
    assert finished.code == 0, finished.err
    assert "as-it-is: clean, as expected" in finished.out


def test_it_overwrites_only_by_force(leakbench, tmp_path):
    (tmp_path / "leakbench.json").write_text("mine")
    finished = leakbench("init")
    assert finished.code == 2
    assert "is there already" in one_line_error(finished)
    assert (tmp_path / "leakbench.json").read_text() == "mine"
    assert leakbench("init", "--force").code == 0
    assert (tmp_path / "leakbench.json").read_text() != "mine"


@pytest.mark.parametrize(
    "words, reason",
    [
        (["mine.yaml"], "ends in .json"),
        (["no-such-folder/mine.json"], "there is no folder"),
        (["--kind", "gopher"], "gopher"),
        (["--url", "http://10.0.0.1:80"], "is not on this machine"),
        (["--url", "http://127.0.0.1:80/path"], "must have no path"),
    ],
)
def test_what_cannot_be_is_exit_2_with_the_reason(leakbench, tmp_path, words, reason):
    finished = leakbench("init", *words)
    assert finished.code == 2
    assert reason in one_line_error(finished)
    assert list(tmp_path.iterdir()) == []
