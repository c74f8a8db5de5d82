"""scripts/ci-nightly as the workflow calls it, night after night, and the workflow itself."""

import json
import os
import shutil
import signal
import subprocess

import pytest
import yaml
from conftest import SCRIPTS
from test_compare_branches import Service, eventually

from leakbench_report.index import read_index
from leakbench_report.json_files import check

ROOT = SCRIPTS.parent
WORKFLOW = ROOT / ".github/workflows/nightly.yml"
NODE = shutil.which("node")
BRANCH = "leakbench-history"
# Measures the file `value` twice, as `leakbench run --calibrate` would a server.
FAKE = """\
#!/usr/bin/python3
import json, os, sys
from pathlib import Path
sys.path[:0] = [{scripts!r}, {tests!r}]
from compared_runs import run_of, write_run
from synthetic import write_json
from synthetic_summary import make_arm
words = sys.argv[1:]
assert "--calibrate" in words
Path("calls").open("a").write(json.dumps(words) + "\\n")
given = Path("value").read_text().split()
value, code, verdict = given + ["0", ""][len(given) - 1 :]
if value == "wait":
    Path("started").touch()
    import signal
    signal.pause()
pairs, out = (words[words.index(name) + 1] for name in ("--pairs", "--out"))
run_id = f"run-{{len(Path('calls').read_text().splitlines())}}"
out = Path(out) / run_id
arms = [f"with-context@{{build}}" for build in ("base", "control")]
peak = [int(value) + n * 1000 for n in range(int(pairs))]
# The same values, as far up as down.
columns = dict(zip(arms, (peak, peak[::-1])))
run = run_of({{name: {{"memory_peak_bytes": column}} for name, column in columns.items()}}, run_id)
run.plan["scenario"]["name"] = "synthetic"
run.plan["environment"]["git_commit"] = os.environ["COMMIT"]
if code == "6":
    run.plan["status"] = "failed"
reports = [repetition.report for repetition in run.repetitions]
found = {{"class": verdict, "expected": "clean", "as_expected": False, "reason": "made up"}}
for report in reports:
    if verdict and report["arm"] == arms[1]:
        report["verdict"].update(found)
write_run(out, run)
entries = [
    {{**make_arm("with-context", [r for r in reports if r["arm"] == name]), "name": name}}
    for name in arms
]
if verdict:
    entries[1]["verdict"] = found
write_json(out / "summary.json", {{
    "schema": "leakbench/summary", "schema_version": "1.0.0", "run_id": run_id,
    "status": "complete", "scenario": {{"name": "synthetic", "title": "Made up"}},
    "headline": "made up", "arms": entries, "table": [], "as_expected": code != "4",
}})
print(f"results: {{out}}")
sys.exit(int(code))
"""
USUAL, WORSE = 60 * 2**20, 66 * 2**20


class Runner:
    """A checkout of a repository with a remote, in which a job runs every night."""

    def __init__(self, folder):
        leakbench = folder / "leakbench"
        leakbench.write_text(FAKE.format(scripts=str(SCRIPTS), tests=str(SCRIPTS / "tests")))
        leakbench.chmod(0o755)
        self.service = Service(folder / "service", leakbench)
        self.folder, self.remote = self.service.folder, folder / "remote"
        subprocess.run(["git", "init", "--quiet", "--bare", self.remote], check=True)
        self.service.git("remote", "add", "origin", str(self.remote))
        self.summary, self.output = folder / "summary", folder / "output"
        self.out = self.folder / "leakbench-nightly"
        self.nights = 0

    def start(self, value, **settings):
        """A night in which the server is of `value`; every night has a new checkout."""
        self.nights += 1
        (self.folder / "value").write_text(str(value))
        for file in (self.summary, self.output):
            file.unlink(missing_ok=True)
        settings = {
            "BRANCH": BRANCH, "PAIRS": "8", "BINARY": str(self.service.leakbench), **settings
        }
        environment = {f"LEAKBENCH_{name}": text for name, text in settings.items()}
        environment |= {"GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output)}
        environment["COMMIT"] = f"{self.nights:x}".ljust(40, "0")
        return subprocess.Popen(
            [SCRIPTS / "ci-nightly"], env={**os.environ, **environment}, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def night(self, value, **settings):
        process = self.start(value, **settings)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def outputs(self):
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())

    def kept(self):
        """What the branch of the remote holds."""
        words = ["git", "-C", self.remote, "show", f"{BRANCH}:index.jsonl"]
        done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def runner(tmp_path):
    return Runner(tmp_path)


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"OUT": "/proc/x"}, "cannot write to the folder /proc/x"),
        ({"OUT": "value"}, "cannot write to the folder"),
        ({"PAIRS": "x"}, "LEAKBENCH_PAIRS: 'x' is not a whole number"),
    ],
)
def test_settings_that_cannot_be_are_refused(runner, refused, settings, part):
    refused(runner.night(USUAL, **settings), 2, part)
    assert runner.outputs()["state"] == "NOT MEASURED"
    assert part in runner.summary.read_text()


def test_a_step_is_suspected_and_the_next_night_confirmed(runner):
    states, codes = [], []
    for value in [USUAL] * 5 + [WORSE] * 2:
        # Of a runner nothing is left the next day but what was pushed.
        shutil.rmtree(runner.out, ignore_errors=True)
        result = runner.night(value)
        codes.append(result.returncode)
        states.append(runner.outputs()["state"])
    assert states == ["TOO FEW NIGHTS"] * 4 + ["NO CHANGE", "SUSPECTED", "CONFIRMED"]
    assert codes == [0] * 6 + [3], result.stderr
    assert "it came between 500000000000 and 600000000000" in result.stdout
    assert "What this machine can see of synthetic" in result.stdout
    outputs = runner.outputs()
    assert (outputs["exit-code"], outputs["out"]) == ("3", str(runner.out))
    assert outputs["summary"] == str(runner.out / "night.md")
    assert runner.summary.read_text() == (runner.out / "night.md").read_text()
    assert "| 60 MiB | 66 MiB | 66 MiB |" in runner.summary.read_text()
    kept = runner.kept()
    assert [entry["run_id"] for entry in kept] == [f"run-{n}" for n in range(1, 8)]
    assert kept == read_index(runner.out / "index.jsonl")
    charts = {path.name for path in (runner.out / "charts").iterdir()}
    assert charts == {"history_synthetic.png", "history_synthetic.svg"}
    calibration = json.loads((runner.out / "run-7/calibration.json").read_text())
    assert check(calibration, "calibration") == []
    log = runner.service.git("-C", str(runner.remote), "log", "--format=%an %s", BRANCH)
    assert log.splitlines()[:2] == ["leakbench run-7: CONFIRMED", "leakbench run-6: SUSPECTED"]
    # The history shares nothing with the project, whose working tree is as it was.
    assert len(log.splitlines()) == 7
    assert runner.service.git("status", "--porcelain", "--untracked-files=no") == "M value"


def test_without_a_branch_the_history_is_in_the_folder(runner):
    for _ in range(2):
        assert runner.night(USUAL, BRANCH="", OPTIONS="--variant 'with context'").returncode == 0
    assert len(read_index(runner.out / "index.jsonl")) == 2
    assert runner.kept() == []
    call = runner.service.calls()[0]
    assert call[:2] == ["run", "orphaned-task"]
    assert call[-2:] == ["--variant", "with context"]
    assert call[call.index("--budget") + 1] == "900s"


def test_a_night_that_was_not_measured_is_not_in_the_history(runner):
    assert runner.night(USUAL).returncode == 0
    result = runner.night(f"{USUAL} 6")
    assert result.returncode == 6, result.stderr
    assert "exit code 6" in result.stderr
    assert len(runner.kept()) == 1
    outputs = runner.outputs()
    assert (outputs["state"], outputs["summary"]) == ("NOT MEASURED", "")
    assert "NOT MEASURED\n\nExit code 6: leakbench ended" in runner.summary.read_text()
    assert not (runner.out / "night.md").exists()


@pytest.mark.parametrize("verdict, code", [("leaking", 4), ("inconclusive", 0)])
def test_a_leak_is_exit_code_4_and_a_night_like_others(runner, verdict, code):
    result = runner.night(f"{USUAL} 4 {verdict}")
    assert result.returncode == code, result.stderr
    assert runner.outputs()["state"] == "TOO FEW NIGHTS"
    assert len(runner.kept()) == 1


def test_what_somebody_else_pushed_meanwhile_is_not_overwritten(runner, tmp_path):
    assert runner.night(USUAL).returncode == 0
    hook = runner.remote / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho somebody was first >&2\nexit 1\n")
    hook.chmod(0o755)
    result = runner.night(USUAL)
    assert result.returncode == 1
    assert "contents: write" in result.stderr and "Traceback" not in result.stderr
    assert len(runner.kept()) == 1
    # What was found is told all the same.
    assert runner.outputs()["summary"] == str(runner.out / "night.md")


def test_a_remote_that_does_not_answer_is_named_before_anything_is_measured(runner):
    shutil.rmtree(runner.remote)
    result = runner.night(USUAL)
    assert result.returncode == 2
    assert "git ls-remote" in result.stderr and "Traceback" not in result.stderr
    assert not (runner.folder / "calls").exists()


def test_a_broken_history_is_named_before_anything_is_measured(runner):
    runner.out.mkdir()
    (runner.out / "index.jsonl").write_text("{}\n")
    result = runner.night(USUAL, BRANCH="")
    assert result.returncode == 2
    assert "index.jsonl, line 1" in result.stderr and "Traceback" not in result.stderr
    assert not (runner.folder / "calls").exists()


def test_wrong_settings_are_refused(runner, refused):
    refused(runner.night(USUAL, OPTIONS="--set 'a"), 2, "LEAKBENCH_OPTIONS", "quoted")
    refused(runner.night(USUAL, POLICY="nowhere.json"), 2, "nowhere.json")


def test_ctrl_c_ends_it_and_says_so(runner):
    process = runner.start("wait")
    assert eventually((runner.folder / "started").exists)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert runner.outputs()["exit-code"] == "130"


def test_the_workflow_sets_only_what_the_script_knows(call):
    text = call("ci-nightly", "--help").stdout
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    steps = {step.get("id"): step for step in workflow["jobs"]["night"]["steps"]}
    names = {name for name in steps["night"]["env"] if name.startswith("LEAKBENCH_")}
    assert names and all(f"  {name} " in text for name in names)
    assert workflow["permissions"] == {"contents": "write", "issues": "write"}
    assert BRANCH == steps["night"]["env"]["LEAKBENCH_BRANCH"]


# GitHub's API, as far as the step of the workflow calls it.
FAKE_GITHUB = """
const [, , script, open] = process.argv;
const calls = [];
const call = (name) => async (parameters) => calls.push({ name, ...parameters });
const github = {
  rest: { issues: { listForRepo: 'list', create: call('create'),
                    createComment: call('comment') } },
  paginate: async (what, { state }) => (state === 'open' ? JSON.parse(open) : []),
};
const repo = { owner: 'somebody', repo: 'leakbench' };
const context = { repo, runId: 7, serverUrl: 'https://x' };
const body = Object.getPrototypeOf(async () => {}).constructor;
new body('github', 'context', 'require', script)(github, context, require)
  .then(() => console.log(JSON.stringify(calls)));
"""


@pytest.mark.skipif(not NODE, reason="node, which runs the workflow's script, is not installed")
@pytest.mark.parametrize("user, name", [("Bot", "comment"), ("User", "create"), (None, "create")])
def test_one_issue_is_opened_and_then_commented_on(tmp_path, user, name):
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    (step,) = [s for s in workflow["jobs"]["night"]["steps"] if "script" in s.get("with", {})]
    assert "CONFIRMED" in step["if"]
    summary = tmp_path / "night.md"
    summary.write_text("what was found\n", encoding="utf-8")
    title = "leakbench: worse since some nights"
    issues = [{"number": 5, "title": title, "user": {"type": user}}] if user else []
    done = subprocess.run(
        [NODE, "-", step["with"]["script"], json.dumps(issues)], input=FAKE_GITHUB,
        env={**os.environ, "SUMMARY": str(summary)}, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (call,) = json.loads(done.stdout)
    assert (call["name"], call.get("issue_number"), call.get("title")) == (
        (name, 5, None) if name == "comment" else (name, None, title)
    )
    assert call["body"].startswith("what was found\n")
    assert "https://x/somebody/leakbench/actions/runs/7" in call["body"]
