"""What a person reads, word by word, and what machines read, by its schema."""

import json
import os
import pty
import re
import subprocess
from xml.etree import ElementTree

import pytest
from compared_runs import builds, run_of, write_run
from conftest import SCRIPTS

from leakbench_compare import junit, markdown, terminal
from leakbench_compare.comparison import compare_between, compare_within
from leakbench_compare.exports import EXPORTS
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_compare.words import percent, plain
from leakbench_report.json_files import check

POLICY = read_policy(DEFAULT_POLICY)
MEMORY, CPU, MEAN = "memory_peak_bytes", "cpu_ns_per_request", "response_time_mean_ns"
MIB = 2**20


def steps(first, step, count=8):
    return [first + n * step for n in range(count)]


def values(**changes):
    columns = {
        "leaked_tasks_per_request": ([0] * 8, [0.0005] * 8),
        "live_tasks_settled": ([0] * 8, [10] * 8),
        "live_tasks_after": ([3, 0] * 4, [13, 10] * 4),
        MEMORY: (steps(60 * MIB, 50_000), steps(66 * MIB, 150_000)),
        CPU: (steps(80_000, 500), [1000 * n for n in (70, 110, 99, 75, 120, 60, 90, 81)]),
        MEAN: (steps(150_000_000, 1_000_000), steps(150_500_000, 900_000)),
        "throughput_rps": (steps(50_000, 10), steps(50_100, 10)),
    }
    return builds(**{**columns, **changes})


@pytest.fixture(scope="module")
def document():
    run = run_of(values())
    run.notes.append("there is no summary.json")
    return compare_within(run, POLICY)


@pytest.fixture(scope="module")
def kinds(document):
    """A document of every kind of verdict and design, by name."""
    even = {MEMORY: (steps(60 * MIB, 50_000), steps(60 * MIB, 50_000))}
    tasks = ("leaked_tasks_per_request", "live_tasks_settled", "live_tasks_after")
    clean = {name: ([0] * 8, [0] * 8) for name in tasks}
    incomplete = run_of(values())
    incomplete.repetitions = incomplete.repetitions[:4]
    missing = run_of({"with-context@base": values()["with-context@base"]})
    controlled = values()
    controlled["with-context@control"] = controlled["with-context@head"]
    runs = [run_of({"with-context": side}, f"made-up-{name}") for name, side in values().items()]
    return {
        "regression": document,
        "inconclusive": compare_within(run_of(values(**clean, **even)), POLICY, strict=True),
        "incomplete": compare_within(incomplete, POLICY),
        "not comparable": compare_within(missing, POLICY),
        "not trusted": compare_within(run_of(controlled), POLICY),
        "unpaired": compare_between(*runs, POLICY),
    }


TABLE = """\
REGRESSION: worse, surely, and by more than the limit
  - with-context: leaked_tasks_per_request 0 in every repetition of with-context@base, 0.0005 in
    every one of with-context@head
  - with-context: live_tasks_settled 0 in every repetition of with-context@base, 10 in every one of
    with-context@head
  - with-context: memory_peak_bytes +10.5 % [+10.2 %, +10.9 %], limit +3 %

synthetic: made-up-1, arms paired by block

with-context@base -> with-context@head, 8 pairs
gate metric                    base      head   change       95 % interval    limit  verdict
leaked_tasks_per_request          0    0.0005  +0.0005               exact        0  REGRESSION
live_tasks_settled                0        10      +10               exact        0  REGRESSION
live_tasks_after                1.5      11.5      +10               exact     +100  NO CHANGE
memory_peak_bytes          60.2 MiB  66.5 MiB  +10.5 %  [+10.2 %, +10.9 %]     +3 %  REGRESSION
cpu_ns_per_request          81.8 us   85.5 us  +4.73 %    [-16 %, +33.7 %]    +15 %  INCONCLUSIVE
response_time_mean_ns        154 ms    154 ms   +0.1 %  [-0.06 %, +0.26 %]    +30 %  NO CHANGE
for information
"""


def test_the_table_for_a_terminal(document):
    text = terminal.render(document, 100, colour=False)
    assert text[: len(TABLE)] == TABLE


def test_what_the_columns_are_is_said_below_them(kinds):
    for name, document in kinds.items():
        texts = (terminal.render(document, 100, colour=False), markdown.render(document))
        within = "from each base to each head" if name == "unpaired" else "within the pairs"
        for text in (" ".join(each.split()) for each in texts):
            told = f"medians of the repetitions; change: the middle of the changes {within}"
            assert (told in text) == (name != "not comparable")


@pytest.mark.parametrize("width", [20, 40, 57, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(kinds, width):
    for document in kinds.values():
        for line in terminal.render(document, width, colour=False).splitlines():
            assert len(line) <= max(width, terminal.NARROWEST), line


def test_a_wide_terminal_shows_all_columns_and_a_narrow_one_names_that_can_be_told_apart(document):
    assert "95 % interval" in terminal.render(document, 200, colour=False)
    narrow = terminal.render(document, 40, colour=False)
    names = [line.split()[0] for line in narrow.splitlines() if "…" in line]
    assert len(names) > 5
    assert len(names) == len(set(names))


def test_a_terminal_shows_colours_and_a_file_does_not(document):
    assert "\033[31m" in terminal.render(document, 100, colour=True)
    assert "\033" not in terminal.render(document, 100, colour=False)
    plain_text = re.sub(r"\033\[\d+m", "", terminal.render(document, 100, colour=True))
    assert plain_text == terminal.render(document, 100, colour=False)


def test_an_output_that_knows_ascii_only_is_written_to(call, tmp_path):
    folder = write_run(tmp_path / "run", run_of(values()))
    result = call("compare.py", folder, PYTHONIOENCODING="ascii", COLUMNS="40")
    assert result.returncode == 3
    assert re.search(r"^respon\w*\?\w*mean_ns ", result.stdout, re.MULTILINE)


def test_any_name_can_be_shown_and_exported():
    run = run_of(values())
    for repetition in run.repetitions:
        for document in (repetition.entry, repetition.report):
            document["arm"] = document["arm"].replace("@", "\x1b[2J\ud800\n|@")
    run.plan["environment"]["cpu_model"] = "\nUnit ns/op\ud800"
    document = compare_within(run, POLICY)
    views = [terminal.render(document, 100, colour=False), markdown.render(document)]
    views += [junit.render(document), *(render(document) for render in EXPORTS.values())]
    for text in views:
        assert "\x1b" not in text
        text.encode("utf-8")
    assert "cpu: Unit ns/op\n" in EXPORTS["go"](document)


@pytest.mark.parametrize("no_color, coloured", [("", True), ("1", False)])
def test_no_color_is_respected(tmp_path, no_color, coloured):
    folder = write_run(tmp_path / "run", run_of(values()))
    ours, theirs = pty.openpty()
    environment = {**os.environ, "NO_COLOR": no_color, "COLUMNS": "100"}
    process = subprocess.run(
        [SCRIPTS / "compare.py", folder], stdout=theirs, env=environment, check=False
    )
    os.close(theirs)
    output = os.read(ours, 100_000)
    os.close(ours)
    assert process.returncode == 3
    assert (b"\033[" in output) == coloured


def test_markdown_is_found_again_by_its_first_line(document):
    lines = markdown.render(document).splitlines()
    assert lines[0] == "<!-- leakbench comparison: synthetic -->"
    assert lines[1] == "### ❌ leakbench: REGRESSION"


def test_markdown_shows_the_gate_metrics_and_folds_the_others_away(document):
    text = markdown.render(document)
    before, folded = text.split("<details>", 1)
    assert "| memory_peak_bytes | 60.2 MiB | 66.5 MiB | +10.5 % | [+10.2 %, +10.9 %] | +3 % | " in (
        before.replace("\\[", "[").replace("\\]", "]")
    )
    assert "throughput_rps" in folded and "throughput_rps" not in before
    assert "- there is no summary.json" in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.count("|") == 8


def test_markdown_of_every_kind_names_its_verdict(kinds):
    found = {name: markdown.render(document).splitlines()[1] for name, document in kinds.items()}
    assert found == {
        "regression": "### ❌ leakbench: REGRESSION",
        "inconclusive": "### ⚠️ leakbench: INCONCLUSIVE",
        "incomplete": "### ❌ leakbench: INCOMPLETE",
        "not comparable": "### ❌ leakbench: NOT COMPARABLE",
        "not trusted": "### ⚠️ leakbench: NOT TRUSTED",
        "unpaired": "### ❌ leakbench: REGRESSION",
    }
    assert "is not to be trusted" in markdown.render(kinds["not trusted"])
    assert "does not gate" in markdown.render(kinds["unpaired"])


def test_names_from_a_run_make_neither_markup_nor_mentions():
    hostile = "</details>|`*x*` [l](http://x) @all #1 \033[31m\n<img>\x07"
    text = markdown.safe(hostile)
    for part in ("<", "@all", "#1", "\033", "\n", "\x07"):
        assert part not in text
    assert re.sub(r"\\[|`*\[\]]", "", text).count("|") == 0
    assert plain(hostile) == "</details>|`*x*` [l](http://x) @all #1 [31m <img>"


def test_long_markdown_is_cut_at_a_line(document):
    long = {**document, "reasons": ["because " * 100] * 100}
    text = markdown.render(long)
    assert len(text) < 65_536
    assert text.endswith("(cut: too long for a comment)\n")


def cases(document):
    root = ElementTree.fromstring(junit.render(document))
    found = {}
    for case in root.iter("testcase"):
        outcomes = [child.tag for child in case if child.tag != "system-out"]
        found[case.get("name")] = outcomes[0] if outcomes else "passed"
    return root, found


def test_junit_has_a_case_for_each_gate_metric(document):
    root, found = cases(document)
    assert found == {
        "leaked_tasks_per_request": "failure",
        "live_tasks_settled": "failure",
        "live_tasks_after": "passed",
        MEMORY: "failure",
        CPU: "skipped",
        MEAN: "passed",
    }
    suite = root.find("testsuite")
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "3", "errors": "0", "skipped": "1"}
    failure = root.find(f".//testcase[@name='{MEMORY}']/failure")
    assert failure.get("message") == f"{MEMORY} +10.5 % [+10.2 %, +10.9 %], limit +3 %"


def test_junit_fails_only_where_the_exit_code_does(kinds):
    _, unpaired = cases(kinds["unpaired"])
    assert set(unpaired.values()) == {"passed", "skipped"}
    _, untrusted = cases(kinds["not trusted"])
    assert untrusted[MEMORY] == "skipped"
    for name in ("incomplete", "not comparable"):
        assert cases(kinds[name])[1]["run"] == "error"


def test_junit_takes_any_name():
    run = run_of(values())
    run.plan["scenario"]["name"] = "a\x00<&\x1b]\ufffe"
    ElementTree.fromstring(junit.render(compare_within(run, POLICY)))


def test_every_kind_of_document_follows_the_schema(kinds):
    for name, document in kinds.items():
        written = json.loads(json.dumps(document, allow_nan=False))
        assert check(written, "comparison") == [], name


def test_the_same_runs_give_the_same_bytes(kinds):
    again = compare_within(run_of(values()), POLICY)
    again["notes"].append("there is no summary.json")
    assert json.dumps(again) == json.dumps({**kinds["regression"], "notes": again["notes"]})


@pytest.mark.parametrize(
    "value, text",
    [
        (12.44, "+12.4 %"),
        (-0.0312, "-0.03 %"),
        (0.001, "0 %"),
        (0, "0 %"),
        (-99.99, "-99.9 %"),
        (-100, "-100 %"),
        (123456.7, "+123,457 %"),
    ],
)
def test_percentages(value, text):
    assert percent(value) == text
