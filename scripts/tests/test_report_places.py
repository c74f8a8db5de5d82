"""Places in the checkout of a commit are shown by the path in their repository."""

import json

import pytest
from report_outline import text_of
from synthetic import write_json
from test_source_lines import git

from leakbench_report import places
from leakbench_report.html.source_lines import SourceLines

COMMIT = "9d24db79949c58dcf8ffc228c03eebd417c12672"
CHECKOUT = f"/srv/orders/build/compare/{COMMIT}"


@pytest.mark.parametrize(
    "file, path, commit",
    [
        (f"{CHECKOUT}/cmd/orders/main.go", "cmd/orders/main.go", COMMIT),
        (f"{CHECKOUT}/{'a' * 64}/main.go", f"{'a' * 64}/main.go", COMMIT),
        (f"/a/build/compare/{'b' * 64}/main.go", "main.go", "b" * 64),
        ("scenarios/made-up/server.cc", "scenarios/made-up/server.cc", None),
        ("/a/build/compare/abc/main.go", "/a/build/compare/abc/main.go", None),
        (f"{CHECKOUT}/", f"{CHECKOUT}/", None),
        (f"/a/compare/{COMMIT}/main.go", f"/a/compare/{COMMIT}/main.go", None),
    ],
)
def test_a_path_in_a_checkout_is_that_in_the_repository(file, path, commit):
    assert places.path_of(file) == path
    assert places.commit_of(file) == commit


def move_sites(folder, file, line):
    for path in (folder / "reps").glob("*_without-context.json"):
        report = json.loads(path.read_text(encoding="utf-8"))
        place = {"file": file, "line": line}
        for site in report["leak_sites"]:
            site.update(place, waits_at={**place, "function": "made_up"})
        write_json(path, report)


def test_the_page_shows_no_path_of_a_checkout(report, only, run_folder):
    only("leak_sites")
    move_sites(run_folder, f"{CHECKOUT}/cmd/orders/main.go", 20)
    assert report(run_folder).returncode == 0
    text = text_of(run_folder / "report.html")
    assert "Started at cmd/orders/main.go:20" in text
    assert "build/compare" not in text


@pytest.fixture
def service(tmp_path):
    """A repository of a service with a file that has changed since its first commit; returns the
    folder and that commit."""
    folder = tmp_path / "service"
    (folder / "cmd").mkdir(parents=True)
    (folder / "cmd/main.go").write_text("go first()\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    (folder / "cmd/main.go").write_text("go second()\n", encoding="utf-8")
    return folder, git(folder, "rev-parse", "HEAD")


def test_a_line_of_a_checkout_is_that_of_its_commit(service, report, only, run_folder):
    only("leak_sites")
    folder, commit = service
    move_sites(run_folder, f"/gone/build/compare/{commit}/cmd/main.go", 1)
    assert report(run_folder, "--source", folder).returncode == 0
    text = text_of(run_folder / "report.html")
    assert f"started at cmd/main.go:1 of {commit[:7]}" in text
    assert "go first()" in text


def test_a_line_of_an_unknown_commit_is_left_out(service):
    folder, commit = service
    lost = f"/gone/build/compare/{COMMIT}/cmd/main.go"
    assert SourceLines(folder, commit).lines(lost, 1) is None
