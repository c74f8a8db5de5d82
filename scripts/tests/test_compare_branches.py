"""scripts/compare-branches on small repositories, with a leakbench that makes its figures up."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import SCRIPTS

from leakbench_compare import command_line
from leakbench_compare.branches import checkouts
from leakbench_compare.branches.builds import program_of, programs_of
from leakbench_compare.branches.checkouts import Repository
from leakbench_report.errors import ReportError

COMMAND = SCRIPTS / "compare-branches"
MANIFEST = "leak.json"
BUILD = "mkdir -p out && cp value out/ && echo built >> out/builds"
# Reads the value of each build, as leakbench would measure its server, and leaves a run folder.
FAKE = """\
import json, os, sys
from pathlib import Path
sys.path[:0] = [{scripts!r}, {tests!r}]
from compared_runs import run_of, write_run
from synthetic import write_json
from synthetic_summary import make_arm
words = sys.argv[1:]
arms = [word.split("=") for flag, word in zip(words, words[1:]) if flag == "--arm"]
pairs = int(words[words.index("--pairs") + 1])
out = Path(words[words.index("--out") + 1]) / f"run-{{os.getpid()}}"
sizes = {{name: int((Path(folder) / "value").read_text()) for name, folder in arms}}
values = {{
    f"with-context@{{name}}": {{
        "memory_peak_bytes": [size + n for n in range(pairs)],
        "live_tasks_settled": [size % 2] * pairs,
    }}
    for name, size in sizes.items()
}}
run = run_of(values, "run-1")
reports = [repetition.report for repetition in run.repetitions]
for report in reports:
    build = report["arm"].split("@")[1]
    report["leak_sites"] = [{{
        "name": "main.work.func1", "file": f"{{Path(dict(arms)[build]).parent}}/cmd/main.go",
        "line": 20, "function": "main.work", "live": 9, "settled": 7, "waits": {{}},
    }}] * (sizes[build] % 2)
    if sizes[build] % 2:
        report["verdict"].update({{"class": "leaking", "as_expected": False}})
write_run(out, run)
entries = []
for arm in values:
    entry = make_arm("with-context", [report for report in reports if report["arm"] == arm])
    leaks = sizes[arm.split("@")[1]] % 2
    verdict = {{"class": "leaking", "expected": "clean", "as_expected": False, "reason": "made up"}}
    entries.append({{**entry, "name": arm, "verdict": verdict if leaks else entry["verdict"]}})
write_json(out / "summary.json", {{
    "schema": "leakbench/summary", "schema_version": "1.0.0", "run_id": "run-1",
    "status": "complete", "scenario": {{"name": "synthetic", "title": "Made up"}},
    "headline": "made up", "arms": entries, "table": [],
    "as_expected": all(entry["verdict"]["as_expected"] for entry in entries),
}})
Path("calls").open("a").write(json.dumps(words) + "\\n")
print(f"results: {{out}}")
sys.exit(0 if all(entry["verdict"]["as_expected"] for entry in entries) else 4)
"""
BASE, LARGER, LEAKY = 60 * 2**20, 70 * 2**20, 60 * 2**20 + 1


def eventually(condition):
    """Whether `condition` comes true within a minute."""
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Service:
    """A repository of somebody's own, whose server is no more than a number."""

    def __init__(self, folder, leakbench):
        self.folder, self.leakbench = folder, leakbench
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        (folder / MANIFEST).write_text("{}")
        (folder / ".gitignore").write_text("calls\n")
        self.commit(BASE)

    def git(self, *words, check=True):
        names = ("-c", "user.name=Somebody", "-c", "user.email=somebody@localhost")
        done = subprocess.run(
            ["git", *names, "-C", self.folder, *words],
            capture_output=True, encoding="utf-8", check=check,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, value):
        (self.folder / "value").write_text(f"{value}\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", f"A server of {value}")
        return self.git("rev-parse", "HEAD")

    def compare(self, *words, build=BUILD, **environment):
        return subprocess.run(
            [COMMAND, "--scenario", MANIFEST, "--build", build, "--bin-dir", "out"]
            + ["--leakbench", self.leakbench, *words],
            capture_output=True, encoding="utf-8", cwd=self.folder, timeout=120, check=False,
            env={**os.environ, **environment},
        )  # fmt: skip

    def calls(self):
        return [json.loads(line) for line in (self.folder / "calls").read_text().splitlines()]

    def cached(self, commit):
        return self.folder / "build/compare" / commit


@pytest.fixture
def service(tmp_path):
    return Service(tmp_path / "service", fake_leakbench(tmp_path))


def fake_leakbench(folder):
    code = FAKE.format(scripts=str(SCRIPTS), tests=str(SCRIPTS / "tests"))
    path = folder / "leakbench"
    path.write_text(f"#!/usr/bin/python3\n{code}")
    path.chmod(0o755)
    return path


def test_a_change_that_is_not_committed_is_compared_with_the_last_commit(service):
    base = service.git("rev-parse", "HEAD")
    (service.folder / "value").write_text(f"{LARGER}\n")
    (service.folder / "new-file").write_text("not added\n")
    result = service.compare("main", ".")
    assert result.returncode == 3, result.stderr
    assert "memory_peak_bytes +16.7 %" in result.stdout
    changed = service.git("status", "--porcelain").splitlines()
    assert changed == ["M value", "?? new-file", "?? results/"]
    arms = [word for word in service.calls()[0] if word.startswith(("base=", "head="))]
    assert arms[0] == f"base={service.cached(base)}/out"
    head = Path(arms[1].removeprefix("head=")).parent
    assert (head / "new-file").read_text() == "not added\n"


@pytest.mark.parametrize("out", ["results", "build/gate"])
def test_results_that_git_ignores_are_there_the_second_time(service, out):
    (service.folder / ".gitignore").write_text("calls\nresults/\nbuild/\n")
    service.commit(BASE)
    (service.folder / "value").write_text(f"{LARGER}\n")
    for _ in range(2):
        result = service.compare("main", ".", "--out", out)
        assert result.returncode == 3, result.stderr
    assert len(list((service.folder / out).iterdir())) == 2


def test_results_that_git_does_not_ignore_are_no_change_of_the_working_tree(service):
    for _ in range(2):
        result = service.compare("main", ".")
        assert result.returncode == 0, result.stderr
        assert "the same commit" in result.stderr


def test_where_git_fails_its_error_is_said_and_not_its_hint(service, refused):
    (service.folder / "held").mkdir()
    git = ["git", "init", "--quiet", service.folder / "held/empty"]
    subprocess.run(git, check=True)
    # Git refuses a repository in there that has no commit, and says what to do in hints.
    refused(service.compare("main", "."), 2, "git add", "does not have a commit checked out")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("warning: a\nerror: b\nfatal: c\nhint: d\n", "error: b"),
        ("These are ignored:\nresults\nhint: Use -f\nhint: or not\n", "These are ignored: results"),
        ("hint: only\n", "no reason given"),
        ("", "no reason given"),
    ],
)
def test_the_reason_of_git_is_its_first_error_or_all_it_said(said, reason):
    assert checkouts.reason_in(said) == reason


def test_nothing_changed_is_compared_with_itself(service):
    result = service.compare("main", ".")
    assert result.returncode == 0, result.stderr
    assert "NO CHANGE" in result.stdout
    assert "the same commit" in result.stderr


def test_the_base_is_the_commit_that_the_head_left_it_at(service):
    left_at = service.git("rev-parse", "HEAD")
    service.git("checkout", "--quiet", "-b", "topic")
    head = service.commit(BASE + 4096)
    service.git("checkout", "--quiet", "main")
    service.commit(LARGER)
    result = service.compare("main", "topic")
    assert result.returncode == 0, result.stderr
    assert [word for word in service.calls()[0] if "=/" in word] == [
        f"base={service.cached(left_at)}/out",
        f"head={service.cached(head)}/out",
    ]


def test_a_commit_is_built_once_and_another_way_of_building_builds_it_again(service):
    head = service.commit(BASE + 4096)
    base = service.git("rev-parse", "HEAD~")
    for _ in range(2):
        assert service.compare("HEAD~", "HEAD").returncode == 0
    builds = [service.cached(commit) / "out/builds" for commit in (base, head)]
    assert [path.read_text() for path in builds] == ["built\n"] * 2
    assert service.compare("HEAD~", "HEAD", build=f"{BUILD} && true").returncode == 0
    assert [path.read_text() for path in builds] == ["built\nbuilt\n"] * 2


def test_the_same_working_tree_is_built_once(service):
    (service.folder / "value").write_text(f"{BASE + 4096}\n")
    for _ in range(2):
        assert service.compare("main", ".").returncode == 0
    assert len(list(service.cached("").glob("*.built"))) == 2


def test_a_worktree_that_is_broken_is_made_again(service):
    head = service.commit(BASE + 4096)
    assert service.compare("HEAD~", "HEAD").returncode == 0
    (service.cached(head) / "value").write_text("edited\n")
    assert service.compare("HEAD~", "HEAD").returncode == 0
    (service.cached(head) / ".git").unlink()
    assert service.compare("HEAD~", "HEAD").returncode == 0
    assert (service.cached(head) / "value").read_text() == f"{BASE + 4096}\n"


def test_few_worktrees_are_kept(service):
    repository = Repository(service.folder, service.folder / "results")
    commits = [service.commit(BASE + step) for step in range(checkouts.KEPT + 2)]
    with repository.lock():
        for age, commit in enumerate(commits):
            stamp = checkouts.stamp_of(repository.checkout(commit))
            stamp.write_text("built")
            os.utime(stamp, (age, age))
        # The oldest is in use, and stays.
        repository.forget_old([repository.cache / commits[0]])
    kept = {folder.name for folder in repository.cache.iterdir() if folder.is_dir()}
    assert kept == {commits[0], *commits[2:]}
    assert {path.stem for path in repository.cache.glob("*.built")} == kept
    assert len(service.git("worktree", "list").splitlines()) == len(kept) + 1


def test_a_build_that_fails_shows_the_end_of_its_log(service):
    service.commit(LARGER)
    result = service.compare("HEAD~", "HEAD", build="echo no such compiler >&2; exit 7")
    assert result.returncode == 1
    assert "no such compiler" in result.stderr
    assert "exit code 7" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_build_without_the_folder_of_binaries_says_so(service):
    result = service.compare("main", ".", build="true")
    assert result.returncode == 1
    assert "left no folder out" in result.stderr


def test_a_build_without_the_program_that_the_manifest_starts_says_so(service):
    (service.folder / MANIFEST).write_text('{"command": ["{bin_dir}/server", "--port", "{port}"]}')
    service.commit(BASE)
    result = service.compare("main", ".")
    assert result.returncode == 1
    assert "left no server in" in result.stderr and "--bin-dir" in result.stderr
    assert not (service.folder / "calls").exists()
    build = f"{BUILD} && touch out/server"
    assert service.compare("main", ".", build=build).returncode == 0


@pytest.mark.parametrize(
    "command, program",
    [
        (["{bin_dir}/bin/orders", "--port"], "bin/orders"),
        (["{server}", "{bin_dir}/x"], None),
        (["{bin_dir}/{variant}"], None),
        ([], None),
        ("{bin_dir}/x", None),
    ],
)
def test_the_program_is_what_the_command_begins_with(command, program):
    assert program_of({"command": command}) == program


def test_a_branch_that_only_the_remote_has_is_found_there(service, tmp_path):
    service.commit(LARGER)
    clone = tmp_path / "clone"
    service.git("branch", "topic")
    service.git("clone", "--quiet", "--branch", "topic", str(service.folder), str(clone))
    repository = Repository(clone, clone / "results")
    assert service.git("-C", str(clone), "branch", "--format=%(refname:short)") == "topic"
    assert repository.commit_of("main") == service.git("rev-parse", "main")
    # A branch or tag of its own comes first.
    service.git("-C", str(clone), "branch", "main", "HEAD~")
    assert repository.commit_of("main") == service.git("rev-parse", "main~")


@pytest.mark.parametrize("options", [["--policy", "typo.json"], ["--scenario", "nowhere.json"]])
def test_what_is_written_by_hand_is_read_before_anything_is_built(service, refused, options):
    policy = (SCRIPTS / "policies/default.json").read_text()
    (service.folder / "typo.json").write_text(policy.replace("peak_bytes", "peak_byte", 1))
    refused(service.compare(*options, "main", "."), 2, options[1])
    assert not list(service.cached("").glob("*")) and not (service.folder / "calls").exists()


def test_a_leak_of_the_head_is_exit_code_4_only_when_it_is_no_regression(service):
    service.commit(LEAKY)
    assert service.compare("HEAD~", "HEAD").returncode == 3
    service.commit(LEAKY + 2)
    result = service.compare("HEAD~", "HEAD")
    assert result.returncode == 4, result.stderr
    assert "with-context@head is leaking, expected clean" in result.stderr
    assert result.stdout.startswith("NOT AS EXPECTED")


def test_a_head_that_mends_the_leak_of_its_base_passes(service):
    service.commit(LEAKY)
    service.commit(BASE)
    result = service.compare("HEAD~", "HEAD")
    assert result.returncode == 0, result.stderr
    assert "IMPROVED" in result.stdout
    assert "with-context@base is leaking, expected clean" in result.stderr


def test_options_reach_leakbench_and_compare(service, tmp_path):
    words = ["--pairs", "5", "--budget", "60s", "--control", "--strict", "main", "."]
    files = ["--json", tmp_path / "c.json", "--markdown", tmp_path / "c.md"]
    files += ["--junit", tmp_path / "c.xml", "--export", f"go={tmp_path / 'c.txt'}"]
    result = service.compare(*words, *files, "--", "--variant", "with-context", "--set", "a=b")
    # Five pairs cannot tell, and --strict asks for it.
    assert result.returncode == 5, result.stderr
    call = service.calls()[0]
    assert call[:2] == ["run", MANIFEST]
    assert call[-4:] == ["--variant", "with-context", "--set", "a=b"]
    assert call[call.index("--budget") + 1] == "60s"
    arms = [word.partition("=") for word in call if "=/" in word]
    assert [name for name, _, _ in arms] == ["base", "head", "control"]
    assert arms[0][2] == arms[2][2]
    assert json.loads((tmp_path / "c.json").read_text())["trusted"] is True
    for name in ("c.md", "c.xml", "c.txt"):
        assert (tmp_path / name).stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--out", "/proc/x"], "cannot write to the folder /proc/x"),
        (["--out", MANIFEST], f"cannot write to the folder {MANIFEST}"),
        (["--json", "none/c.json"], "cannot write none/c.json"),
        (["--markdown", "/proc/x"], "cannot write /proc/x"),
        (["--junit", "."], "cannot write ."),
        (["--export", "go=none/x"], "cannot write none/x"),
        (["--pairs", "x"], "'x' is not a whole number"),
        (["--pairs", "0"], "'0' is not a whole number"),
        (["--budget", "5x"], "'5x' is not a time"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_built(service, refused, words, part):
    refused(service.compare("main", ".", *words), 2, part)
    assert not list(service.cached("").glob("*"))


def test_a_build_folder_that_is_a_file_is_named(service):
    (service.folder / "build").write_text("")
    result = service.compare("main", ".")
    assert result.returncode == 2
    said = result.stderr.splitlines()[-1]
    assert said.startswith("compare-branches: cannot write to the folder")
    assert "/build/compare: Not a directory" in said


@pytest.mark.parametrize("text", ["300s", "1m30s", "1.5h", "500ms"])
def test_times_are_taken_as_leakbench_takes_them(text):
    assert command_line.budget(text) == text


def test_a_file_that_can_be_written_is_left_as_it_was(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("kept")
    for file in (old, new):
        command_line.require_writable(file)
    assert old.read_text() == "kept" and not new.exists()


@pytest.mark.parametrize("words", [["--pairs", "3"], ["--out=x"], ["--arm", "a=b"]])
def test_options_of_its_own_are_refused_behind_the_dashes(service, words):
    result = service.compare("main", ".", "--", *words)
    assert result.returncode == 2
    assert "is not for behind --" in result.stderr


def test_a_build_of_ones_own_needs_a_manifest_of_ones_own(service):
    result = subprocess.run(
        [COMMAND, "--build", "make", "main", "."], capture_output=True, encoding="utf-8",
        cwd=service.folder, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert "--scenario FILE.json" in result.stderr


def test_a_name_that_is_no_commit_is_refused(service, refused):
    refused(service.compare("nothing", "."), 2, "has no commit nothing", "git fetch origin")


def test_histories_without_a_common_commit_are_refused(service, refused):
    service.git("checkout", "--quiet", "--orphan", "other")
    service.commit(LARGER)
    result = service.compare("main", "other")
    refused(result, 2, "have no common commit", "not of one history")


def test_a_shallow_clone_says_how_to_get_the_rest(service, refused, tmp_path):
    service.git("checkout", "--quiet", "-b", "topic")
    service.commit(LARGER)
    service.git("checkout", "--quiet", "main")
    service.commit(BASE + 4096)
    clone = tmp_path / "clone"
    words = ["--quiet", "--depth", "1", "--no-single-branch", f"file://{service.folder}", clone]
    subprocess.run(["git", "clone", *words], check=True, capture_output=True)
    service.folder = clone
    result = service.compare("origin/main", "origin/topic")
    refused(result, 2, "shallow", "git fetch --unshallow", "fetch-depth: 0")


def test_outside_of_a_repository_it_says_so(service, refused, tmp_path):
    service.folder = tmp_path / "elsewhere"
    service.folder.mkdir()
    environment = {"GIT_CEILING_DIRECTORIES": str(tmp_path)}
    refused(service.compare("main", ".", **environment), 2, "not in a git repository")


def test_a_leakbench_that_fails_passes_its_exit_code_on(service):
    service.leakbench.write_text("#!/bin/sh\necho 'leakbench: port in use' >&2; exit 8\n")
    result = service.compare("main", ".")
    assert result.returncode == 8
    assert "port in use" in result.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_build_and_what_it_started_and_the_next_one_builds(
    service, number, code, tmp_path
):
    begun = tmp_path / "begun"
    script = f"sleep 60 & echo $! > {tmp_path}/pid; touch {begun}; wait"
    process = subprocess.Popen(
        [COMMAND, "--scenario", MANIFEST, "--build", script, "--bin-dir", "out"]
        + ["--leakbench", service.leakbench, "main", "."],
        cwd=service.folder, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert eventually(begun.exists)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    assert eventually(lambda: not is_running((tmp_path / "pid").read_text().strip()))
    assert not list(service.cached("").glob("*.built"))
    assert service.compare("main", ".").returncode == 0


@pytest.mark.parametrize(
    ("options", "programs"),
    [
        ([], {"leakbench-server"}),
        (["--variant", "with-context"], {"leakbench-server"}),
        (["--runtime", "all"], {"leakbench-server", "leakbench-server-go"}),
        (["--runtime=go"], {"leakbench-server", "leakbench-server-go"}),
    ],
)
def test_of_leakbench_itself_only_what_is_measured_is_built(options, programs):
    assert programs_of("orphaned-task", SCRIPTS.parent, options) == programs


def test_a_scenario_whose_builds_are_all_the_same_is_refused(tmp_path):
    manifest = tmp_path / "mine.json"
    manifest.write_text('{"command": ["./server"]}')
    with pytest.raises(ReportError, match="all builds of it are the same"):
        programs_of(str(manifest), tmp_path, [])


def test_a_scenario_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReportError, match="cannot read .*/scenarios/none/scenario.json"):
        programs_of("none", tmp_path, [])
