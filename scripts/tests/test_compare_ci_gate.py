"""scripts/ci-gate as a workflow calls it, and the files that call it."""

import importlib.util
import json
import os
import shlex
import shutil
import subprocess
from importlib.machinery import SourceFileLoader

import pytest
import yaml
from conftest import SCRIPTS
from go_tools import go_tool
from test_compare_branches import BASE, BUILD, LARGER, LEAKY, MANIFEST, Service, fake_leakbench

from leakbench_report.json_files import check

ROOT = SCRIPTS.parent
ACTION = ROOT / "action.yml"
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
NODE = shutil.which("node")


class Job:
    """A step of a workflow: the environment that GitHub gives it, and the files it reads back."""

    def __init__(self, folder):
        self.service = Service(folder / "service", fake_leakbench(folder))
        self.summary, self.output = folder / "summary", folder / "output"

    def run(self, **settings):
        settings = {
            "SCENARIO": MANIFEST, "BUILD": BUILD, "BIN_DIR": "out",
            "BINARY": str(self.service.leakbench), **settings,
        }  # fmt: skip
        environment = {f"LEAKBENCH_{name}": value for name, value in settings.items()}
        environment |= {"GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(self.output)}
        return subprocess.run(
            [SCRIPTS / "ci-gate"], env={**os.environ, **environment}, cwd=self.service.folder,
            capture_output=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip

    def outputs(self):
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def job(tmp_path):
    return Job(tmp_path)


def test_a_regression_fails_the_step_and_says_so_everywhere(job):
    job.service.commit(LARGER)
    result = job.run(BASE="HEAD~1")
    assert result.returncode == 3, result.stderr
    assert "REGRESSION" in result.stdout
    outputs = job.outputs()
    out = job.service.folder / "leakbench-gate"
    assert (outputs["verdict"], outputs["exit-code"]) == ("REGRESSION", "3")
    assert (outputs["out"], outputs["comment"]) == (str(out), str(out / "comment.md"))
    assert job.summary.read_text() == (out / "comment.md").read_text()
    document = json.loads((out / "comparison.json").read_text())
    assert check(document, "comparison") == []
    assert "<failure" in (out / "junit.xml").read_text()
    assert list(out.glob("run-*/run.json"))


def test_a_leak_that_base_and_head_share_is_named_everywhere(job):
    job.service.commit(LEAKY)
    job.service.commit(LEAKY + 4096)
    result = job.run(BASE="HEAD~1")
    assert result.returncode == 4, result.stderr
    outputs = job.outputs()
    assert (outputs["verdict"], outputs["exit-code"]) == ("NOT AS EXPECTED", "4")
    comment = job.summary.read_text()
    assert "### ❌ leakbench: NOT AS EXPECTED" in comment
    for text in (comment.replace("\u200b", ""), result.stdout):
        said = " ".join(text.split())
        assert "with-context@head is leaking, expected clean: made up" in said
        assert "started at cmd/main.go:20 (main.work.func1)" in said
    out = job.service.folder / "leakbench-gate"
    assert 'name="verdict"' in (out / "junit.xml").read_text()
    document = json.loads((out / "comparison.json").read_text())
    assert check(document, "comparison") == []
    assert document["exit_code"] == 4


def test_a_leak_of_the_head_is_named_with_its_place(job):
    job.service.commit(LEAKY)
    result = job.run(BASE="HEAD~1")
    assert result.returncode == 3, result.stderr
    assert (
        "- with-context@head: 7 tasks left over, started at cmd/main.go:20 (main.work.func1); "
        "with-context@base: none\n"
    ) in job.summary.read_text().replace("\u200b", "")


def test_without_a_base_the_commit_before_is_taken(job):
    job.service.commit(BASE + 4096)
    for base in ("", "0" * 40):
        assert job.run(BASE=base).returncode == 0
    assert job.outputs()["verdict"] == "NO CHANGE"


def test_settings_become_options(job):
    job.service.commit(BASE + 4096)
    result = job.run(
        PAIRS="8", BUDGET="60s", CONTROL="true", STRICT="false", OUT="elsewhere",
        OPTIONS="--variant with-context --set 'a=b c'",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    call = job.service.calls()[0]
    assert call[-4:] == ["--variant", "with-context", "--set", "a=b c"]
    assert call[call.index("--pairs") + 1] == "8"
    assert call[call.index("--budget") + 1] == "60s"
    assert any(word.startswith("control=") for word in call)
    assert (job.service.folder / "elsewhere/comment.md").exists()


def test_a_build_that_fails_leaves_no_old_results_behind(job):
    job.service.commit(LARGER)
    assert job.run().returncode == 3
    job.output.unlink()
    job.summary.unlink()
    result = job.run(BUILD="printf 'no such\\tcompiler\\n[1/2] built\\n' >&2; exit 9")
    assert result.returncode == 1
    outputs = job.outputs()
    assert (outputs["verdict"], outputs["exit-code"]) == ("NOT MEASURED", "1")
    assert outputs["comment"] == ""
    summary = job.summary.read_text()
    assert summary.startswith("### leakbench: NOT MEASURED\n\nExit code 1; the log of this step")
    assert "\n    no such compiler\n" in summary
    assert "failed with exit code 9" in summary.splitlines()[-1]
    assert "no such\tcompiler" in result.stderr
    assert not (job.service.folder / "leakbench-gate/comment.md").exists()


def test_wrong_settings_are_refused(job, refused):
    refused(job.run(CONTROL="yes"), 2, "LEAKBENCH_CONTROL", "true or false")
    assert (job.outputs()["verdict"], job.outputs()["exit-code"]) == ("NOT MEASURED", "2")
    assert "    ci-gate: LEAKBENCH_CONTROL is 'yes'" in job.summary.read_text()
    refused(job.run(OPTIONS="--set 'a"), 2, "LEAKBENCH_OPTIONS", "quoted")


@pytest.mark.parametrize("out", ["/proc/x", MANIFEST])
def test_a_folder_that_cannot_be_made_is_refused(job, refused, out):
    refused(job.run(OUT=out), 2, "cannot write to the folder", out)
    assert (job.outputs()["verdict"], job.outputs()["exit-code"]) == ("NOT MEASURED", "2")
    assert "NOT MEASURED" in job.summary.read_text()


@pytest.mark.parametrize(("name", "text"), [("PAIRS", "x"), ("BUDGET", "soon")])
def test_a_number_that_is_none_is_refused_before_anything_is_built(job, refused, name, text):
    refused(job.run(**{name: text}), 2, f"LEAKBENCH_{name}: '{text}' is not a")
    assert not (job.service.folder / "build").exists()


def test_a_comparison_that_was_not_written_whole_is_none(tmp_path, monkeypatch, capsys):
    loader = SourceFileLoader("ci_gate", str(SCRIPTS / "ci-gate"))
    spec = importlib.util.spec_from_loader("ci_gate", loader)
    gate = importlib.util.module_from_spec(spec)
    loader.exec_module(gate)
    files = {name: tmp_path / name for name in ("comparison.json", "comment.md", gate.LOG)}
    files["comparison.json"].write_text('{"schema": "leakbench/compa', encoding="utf-8")
    files["comment.md"].write_text("not the whole", encoding="utf-8")
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(name, str(tmp_path / name))
    gate.tell_github(143, tmp_path, files)
    assert "comparison.json is truncated" in capsys.readouterr().err
    assert "NOT MEASURED" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    output = (tmp_path / "GITHUB_OUTPUT").read_text()
    assert "verdict=NOT MEASURED\nexit-code=143\ncomment=\n" in output


def settings_of_help():
    text = subprocess.run(
        [SCRIPTS / "ci-gate", "--help"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    lines = [line for line in text.splitlines() if line.startswith("  LEAKBENCH_")]
    return {line.split()[0] for line in lines if "=" not in line}


def test_the_action_passes_every_setting_on():
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    passed = action["runs"]["steps"][0]["env"]
    assert settings_of_help() - set(passed) == {"LEAKBENCH_BINARY", "LEAKBENCH_OUT"}
    for name, value in passed.items():
        key = name.removeprefix("LEAKBENCH_").lower().replace("_", "-")
        assert value == f"${{{{ inputs.{key} }}}}"
        assert key in action["inputs"]


def test_actionlint_has_nothing_to_say():
    result = subprocess.run(
        [go_tool("actionlint", ACTIONLINT)], cwd=ROOT, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (0, "")


# GitHub's API, as far as the step of the action calls it.
FAKE_GITHUB = """
const [, , script, comments, refuse] = process.argv;
const calls = [];
const call = (name) => async (parameters) => {
  if (refuse) throw new Error('Resource not accessible by integration');
  calls.push({ name, ...parameters });
};
const github = {
  rest: { issues: { listComments: 'list', createComment: call('create'),
                    updateComment: call('update') } },
  paginate: async (what, { issue_number }) => (issue_number === 7 ? JSON.parse(comments) : []),
};
const context = { repo: { owner: 'somebody', repo: 'service' }, issue: { number: 7 } };
const core = { warning: (text) => calls.push({ name: 'warning', text }) };
const body = Object.getPrototypeOf(async () => {}).constructor;
new body('github', 'context', 'core', 'require', script)(github, context, core, require)
  .then(() => console.log(JSON.stringify(calls)));
"""
MARKER = "<!-- leakbench comparison: synthetic -->"


@pytest.fixture
def comment(tmp_path):
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    script = next(step for step in action["runs"]["steps"] if "script" in step.get("with", {}))
    file = tmp_path / "comment.md"
    file.write_text(f"{MARKER}\nnew\n", encoding="utf-8")

    def run(comments, refuse=""):
        words = [NODE, "-", script["with"]["script"], json.dumps(comments), refuse]
        done = subprocess.run(
            words, input=FAKE_GITHUB, env={**os.environ, "COMMENT": str(file)},
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def by(user, number, text):
    return {"id": number, "user": {"type": user}, "body": text}


@pytest.mark.skipif(not NODE, reason="node, which runs the action's script, is not installed")
class TestTheComment:
    def test_is_made_where_there_is_none(self, comment):
        others = [by("Bot", 1, "<!-- leakbench comparison: other -->\n"), by("Bot", 2, None)]
        (call,) = comment(others)
        assert (call["name"], call["issue_number"]) == ("create", 7)
        assert call["body"] == f"{MARKER}\nnew\n"

    def test_replaces_its_own_and_not_one_that_quotes_it(self, comment):
        (call,) = comment([by("User", 3, f"{MARKER}\nquoted"), by("Bot", 4, f"{MARKER}\nold")])
        assert (call["name"], call["comment_id"]) == ("update", 4)

    def test_that_may_not_be_written_is_a_warning(self, comment):
        (call,) = comment([], refuse="yes")
        assert call["name"] == "warning"
        assert "not accessible" in call["text"]


def block_of_docs(language):
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    return text.split(f"```{language}\n")[1].split("```")[0]


def test_the_workflow_of_the_docs_is_one_and_gives_the_action_what_it_takes(tmp_path):
    file = tmp_path / "workflow.yml"
    file.write_text(block_of_docs("yaml"), encoding="utf-8")
    command = [go_tool("actionlint", ACTIONLINT), file]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stdout) == (0, "")
    steps = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]["compare"]["steps"]
    inputs = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"]
    (ours,) = [step for step in steps if "leakbench" in step.get("uses", "")]
    assert set(ours["with"]) <= set(inputs)


def test_the_call_of_the_docs_for_a_service_sets_what_there_is(job):
    """And what it needs: with its values, but for the build and leakbench, it measures."""
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in text.split("```sh\n")[1:]]
    (block,) = [block for block in blocks if "LEAKBENCH_BINARY" in block]
    words = shlex.split(block.replace("\\\n", " "))
    settings = dict(word.split("=", 1) for word in words[:-1])
    assert words[-1].endswith("scripts/ci-gate")
    assert set(settings) <= settings_of_help()
    settings = {name.removeprefix("LEAKBENCH_"): value for name, value in settings.items()}
    own = {"BUILD": BUILD, "BIN_DIR": "out", "BINARY": str(job.service.leakbench)}
    assert set(own) <= set(settings)
    result = job.run(**{**settings, **own})
    assert result.returncode == 0, result.stderr


def test_the_manifest_of_the_docs_is_one():
    manifest = json.loads(block_of_docs("json"))
    assert check(manifest, "manifest") == []
    assert manifest["command"][0].startswith("{bin_dir}/")
