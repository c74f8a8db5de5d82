"""Lines of source are those of the commit, never from outside the project."""

import subprocess
from types import SimpleNamespace

import pytest
from leakbench_report.html.source_lines import MOST_CHARACTERS, SourceLines, lines_of_sites


def git(folder, *words):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src/a.cc").write_text("one\n  go(work);  \n\n", encoding="utf-8")
    (tmp_path / "secret.cc").write_text("secret\n", encoding="utf-8")
    return folder


def test_a_line_is_marked_between_those_around_it(project):
    source = SourceLines(project, None)
    assert source.lines("src/a.cc", 2) == "  1  one\n> 2    go(work);\n  3"
    assert source.lines(str(project / "src/a.cc"), 1) == "> 1  one\n  2    go(work);\n  3"


def test_lines_keep_their_places_to_one_another_and_lose_what_all_are_indented_by(project):
    text = "".join(f"{chr(9) * 2}{' ' * (n % 2)}line {n}\n" for n in range(1, 12))
    (project / "src/b.cc").write_text(text, encoding="utf-8")
    assert SourceLines(project, None).lines("src/b.cc", 9).split("\n") == [
        "   7   line 7", "   8  line 8", ">  9   line 9", "  10  line 10", "  11   line 11",
    ]


@pytest.mark.parametrize(
    "file, number",
    [
        ("src/a.cc", 0), ("src/a.cc", -1), ("src/a.cc", 3), ("src/a.cc", 99), ("src/none.cc", 1),
        ("src", 1), ("../secret.cc", 1), ("a\0b", 1), ("x" * 5000, 1),
    ],
)
def test_what_cannot_be_read_is_left_out(project, file, number):
    assert SourceLines(project, None).lines(file, number) is None
    assert SourceLines(project, "--output=x").lines(file, number) is None


def test_a_link_out_of_the_project_is_not_followed(project):
    (project / "link.cc").symlink_to(project.parent / "secret.cc")
    assert SourceLines(project, None).lines("link.cc", 1) is None
    assert SourceLines(project, None).lines(str(project.parent / "secret.cc"), 1) is None


def test_the_line_is_that_of_the_commit_not_of_today(project):
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    commit = git(project, "rev-parse", "HEAD")
    (project / "src/a.cc").write_text("changed\nchanged\n", encoding="utf-8")
    assert SourceLines(project, commit).lines("src/a.cc", 2).split("\n")[1] == "> 2    go(work);"
    for unknown in (None, "f" * 40):
        found = SourceLines(project, unknown).lines("src/a.cc", 2)
        assert found == "  1  changed\n> 2  changed"


def test_a_very_long_line_is_cut(project):
    (project / "src/a.cc").write_text("x" * 1000, encoding="utf-8")
    assert SourceLines(project, None).lines("src/a.cc", 1) == f"> 1  {'x' * (MOST_CHARACTERS - 1)}…"


def test_each_place_is_shown_once_with_what_it_is(project):
    start = {"file": "src/a.cc", "line": 2}
    wait = {"file": "src/a.cc", "line": 1, "function": "f"}
    sites = [SimpleNamespace(report={**start, "waits_at": wait}), SimpleNamespace(report=start)]
    assert lines_of_sites(sites, SourceLines(project, None)) == [
        ("started at", "src/a.cc:2", "  1  one\n> 2    go(work);\n  3"),
        ("waiting at", "src/a.cc:1", "> 1  one\n  2    go(work);\n  3"),
    ]


def test_the_report_shows_the_line_escaped(report, run_folder, only, project):
    only("leak_sites")
    place = project / "scenarios/made-up/server.cc"
    place.parent.mkdir(parents=True)
    place.write_text("\n" * 40 + "go<Task>(work & <b>more</b>);\n", encoding="utf-8")
    assert report(run_folder, "--source", project).returncode == 0
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "go&lt;Task&gt;(work &amp; &lt;b&gt;more&lt;/b&gt;);" in page


def test_a_source_folder_that_is_not_there_is_named(report, refused, run_folder, tmp_path):
    refused(report(run_folder, "--source", tmp_path / "none"), 2, "no folder", "--source")
