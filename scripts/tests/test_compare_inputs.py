"""What is wrong with its inputs the command says in one line, with the right exit code."""

import dataclasses
import json
import random
import sys
from types import SimpleNamespace

import compare
import pytest
from compared_runs import builds, metrics_of, run_of, write_run
from synthetic import write_json

from leakbench_compare.comparison import compare_between, compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.errors import ReportError
from leakbench_report.json_files import check

POLICY = read_policy(DEFAULT_POLICY)
MEMORY, CPU = "memory_peak_bytes", "cpu_ns_per_request"


def around(middle, seed=1, count=8):
    rng = random.Random(seed)
    return [round(middle * rng.uniform(0.999, 1.001)) for _ in range(count)]


def made_up(run_id="made-up-1", count=8):
    return run_of(builds(**{MEMORY: (around(6e7, 1, count), around(6e7, 2, count))}), run_id)


@pytest.fixture
def run():
    return made_up()


@pytest.fixture
def folder(tmp_path):
    """A short run: reading long ones takes time."""
    return write_run(tmp_path / "run", made_up(count=3))


@pytest.fixture
def here(monkeypatch, capsys):
    """Runs the command in this process, which is quicker."""

    def run_here(*arguments):
        monkeypatch.setattr(sys, "argv", ["compare.py", *map(str, arguments)])
        try:
            code = compare.main()
        except SystemExit as usage:
            code = usage.code
        said = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=said.out, stderr=said.err)

    return run_here


def report(folder, number):
    return next((folder / "reps").glob(f"{number:03}_*.json"))


def change(path, edit):
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    write_json(path, document)


# The command.


def test_a_comparison_without_a_change_exits_0(call, tmp_path, run):
    result = call("compare.py", write_run(tmp_path / "run", run), COLUMNS="100")
    assert result.returncode == 0
    assert result.stdout.startswith("NO CHANGE: within the limit, surely\n")
    assert result.stderr == "compare.py: note: there is no summary.json\n"


def test_help_teaches(call):
    result = call("compare.py", "--help", interpreter=("python3",))
    assert result.returncode == 0
    for part in ("INCONCLUSIVE", "examples:", "exit codes:", "--markdown", "--strict"):
        assert part in result.stdout


@pytest.mark.parametrize(
    "arguments, parts",
    [
        ([], ["RUN"]),
        (["a", "b", "c"], ["one RUN or two, not 3"]),
        (["a", "--arms", "x"], ["'x' is not two names of arms"]),
        (["a", "--arms", "x,x"], ["--arms names x twice"]),
        (["a", "--export", "go"], ["'go' is not FORMAT=FILE"]),
        (["a", "--export", "xml=f"], ["google-benchmark, go,"]),
        (["a", "--gate-unpaired"], ["--gate-unpaired is for two runs"]),
    ],
)
def test_a_call_that_makes_no_sense_is_a_usage_error(here, refused, arguments, parts):
    refused(here(*arguments), 2, *parts, "see compare.py --help")


def test_a_run_without_builds_is_told_to_name_arms(here, refused, run_folder):
    refused(here(run_folder), 2, "without-context, with-context", "--arms A,B")


def test_any_two_arms_of_a_run_are_compared_by_name(here, run_folder):
    result = here(run_folder, "--arms", "without-context,with-context")
    assert result.returncode == 0
    assert "without-context -> with-context, 2 pairs" in result.stdout


def test_arms_of_two_runs_are_compared_by_name(here, tmp_path, folder):
    other = write_run(tmp_path / "other", made_up("made-up-2", count=3))
    arms = "with-context@base,with-context@base"
    result = here(folder, other, "--arms", arms, "--gate-unpaired")
    assert result.returncode == 0
    assert "with-context@base -> with-context@base, 3 and 3 repetitions" in result.stdout


def test_an_arm_that_is_not_there_is_named(here, refused, folder):
    result = here(folder, "--arms", "with-context@base,other")
    refused(result, 2, "no arm other", "with-context@base, with-context@head")


def test_a_folder_that_does_not_exist_is_named(here, refused, tmp_path, folder):
    refused(here(folder, tmp_path / "nowhere"), 2, "no run folder", "nowhere")


@pytest.mark.parametrize("name", ["run.json", "reps"])
@pytest.mark.parametrize("share", [0, 0.4])
def test_a_truncated_file_is_named(here, refused, folder, name, share):
    path = report(folder, 5) if name == "reps" else folder / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(here(folder), 2, path.name, "truncated" if share else "empty")


@pytest.mark.parametrize(
    "edit, parts",
    [
        (lambda r: r["metrics"].update({MEMORY: "66 MiB"}), ["$.metrics.memory_peak_bytes"]),
        (lambda r: r["metrics"].update({MEMORY: -1}), ["$.metrics.memory_peak_bytes"]),
        (lambda r: r["metrics"].pop(MEMORY), ["'memory_peak_bytes' is a required property"]),
        (lambda r: r["metrics"].update({MEMORY: 1e300}), ["1e+300", "cannot have been measured"]),
        (lambda r: r["metrics"].update({MEMORY: 1e-310}), ["cannot have been measured"]),
        (lambda r: r.update(arm="with-context"), ["arm is 'with-context'", "the rest of the run"]),
        (lambda r: r.update(run_id="other"), ["run_id is 'other'"]),
        (lambda r: r.update(block=99), ["block is 99"]),
        (lambda r: r.update(schema="leakbench/run"), ['its "schema" is "leakbench/run"']),
    ],
)
def test_a_file_edited_by_hand_is_refused(here, refused, folder, edit, parts):
    change(report(folder, 3), edit)
    refused(here(folder), 2, *parts)


def test_nan_is_refused(here, refused, folder):
    path = report(folder, 3)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"cpu_percent": 61.25', '"cpu_percent": NaN'), encoding="utf-8")
    refused(here(folder), 2, path.name, "NaN")


def test_two_repetitions_of_an_arm_in_one_block_are_refused(run):
    for repetition in run.repetitions[2:4]:
        for document in (repetition.entry, repetition.report):
            document.update(block=1)
    with pytest.raises(ReportError, match="two repetitions of with-context@.* in block 1"):
        compare_within(run, POLICY)


@pytest.mark.parametrize("name", ["run.json", "reps"])
def test_a_newer_major_version_is_not_comparable(here, refused, folder, name):
    path = report(folder, 2) if name == "reps" else folder / name
    change(path, lambda document: document.update(schema_version="2.0.0"))
    refused(here(folder), 7, path.name, "2.0.0", "1.x")


def test_a_newer_minor_version_is_read(here, folder):
    change(folder / "run.json", lambda document: document.update(schema_version="1.9.0", more=1))
    assert here(folder).returncode == 0


def test_a_file_that_cannot_be_written_is_named(here, refused, folder, tmp_path):
    result = here(folder, "--json", tmp_path / "no" / "c.json")
    refused(result, 2, "cannot write", "c.json")


def test_a_missing_module_is_named_with_its_package(call, refused, folder, tmp_path):
    (tmp_path / "jsonschema.py").write_text("raise ImportError('not installed')")
    result = call("compare.py", folder, interpreter=("python3",), PYTHONPATH=str(tmp_path))
    refused(result, 2, "jsonschema", "apt-get install python3-jsonschema")


def test_the_files_are_written(here, folder, tmp_path):
    names = ("c.json", "c.md", "c.xml", "go.txt", "b.json")
    files = {name: tmp_path / name for name in names}
    result = here(
        folder, "--json", files["c.json"], "--markdown", files["c.md"],
        "--junit", files["c.xml"], "--export", f"go={files['go.txt']}",
        "--export", f"bencher={files['b.json']}",
    )  # fmt: skip
    assert result.returncode == 0
    assert check(json.loads(files["c.json"].read_text(encoding="utf-8")), "comparison") == []
    for name in names:
        assert files[name].stat().st_size > 100


# Runs that are not whole.


def without(run, *numbers, status="failed", error="the server died"):
    """Takes repetitions away as the harness does when they did not end well."""
    for repetition in [r for r in run.repetitions if r.index in numbers]:
        repetition.entry.update(status=status, error=error if status == "failed" else None)
        run.repetitions.remove(repetition)
    run.plan["status"] = "failed" if status == "failed" else "interrupted"
    return run


def test_a_failed_repetition_makes_the_run_incomplete(run):
    document = compare_within(without(run, 4), POLICY)
    assert (document["verdict"], document["exit_code"]) == ("INCOMPLETE", 6)
    assert "1 repetition of with-context@" in document["reasons"][0]
    assert document["reasons"][0].endswith("failed: the server died")
    assert len(document["comparisons"][0]["blocks"]) == 7
    assert metrics_of(document)[MEMORY]["verdict"] == "NO CHANGE"


def test_a_policy_may_allow_failed_repetitions(run):
    policy = dataclasses.replace(POLICY, failed_repetitions=1)
    assert compare_within(without(run, 4), policy)["exit_code"] == 0


def test_a_run_that_was_interrupted_late_is_compared_by_its_whole_pairs(run):
    document = compare_within(without(run, 15, 16, status="planned"), POLICY)
    assert document["exit_code"] == 0
    assert document["comparisons"][0]["blocks"] == [1, 2, 3, 4, 5, 6, 7]
    assert document["comparisons"][0]["planned"] == {"base": 8, "head": 8}


def test_a_run_that_was_interrupted_early_is_incomplete(run):
    document = compare_within(without(run, *range(10, 17), status="planned"), POLICY)
    assert (document["verdict"], document["exit_code"]) == ("INCOMPLETE", 6)
    assert document["reasons"] == ["with-context: 4 of 8 planned pairs are complete, 6 are needed"]


def test_a_short_run_that_is_whole_is_not_incomplete():
    document = compare_within(made_up(count=2), POLICY)
    assert (document["verdict"], document["exit_code"]) == ("INCONCLUSIVE", 0)


def test_a_run_without_any_pair_is_incomplete(here, folder):
    for number in range(1, 7):
        report(folder, number).unlink()
    result = here(folder)
    assert result.returncode == 6
    assert "0 of 3 planned pairs are complete, 3 are needed" in result.stdout
    assert result.stderr.count("is left out: its file") == 6


def test_two_runs_of_which_one_is_not_whole_are_incomplete():
    base = run_of({"with-context": {MEMORY: around(6e7)}}, "made-up-1")
    head = without(run_of({"with-context": {MEMORY: around(6e7)}}, "made-up-2"), 3, 4, 5, 6)
    document = compare_between(base, head, POLICY)
    assert (document["verdict"], document["exit_code"]) == ("INCOMPLETE", 6)
    assert "4 of 8 planned repetitions of with-context in" in document["reasons"][1]


# Arms and metrics that are not on both sides.


def test_a_variant_of_one_build_only_is_not_comparable():
    values = builds(**{MEMORY: (around(6e7), around(6e7))})
    values["without-context@base"] = {MEMORY: around(6e7)}
    document = compare_within(run_of(values), POLICY)
    assert (document["verdict"], document["exit_code"]) == ("NOT COMPARABLE", 7)
    assert document["reasons"] == ["without-context: made-up has no arm without-context@head"]


def test_a_repetition_that_went_on_for_more_rounds_is_comparable():
    run = run_of(builds(**{MEMORY: (around(6e7), around(6e7))}))
    for repetition in run.repetitions:
        # What leakbench adds up over rounds.
        rounds = 6 if repetition.report["index"] == 3 else 5
        repetition.report["rounds"] *= rounds
        repetition.report["load"]["connections"]["asked"] *= rounds
    assert compare_within(run, POLICY)["verdict"] == "NO CHANGE"
    run.repetitions[2].report["load"]["connections"]["asked"] += 1
    assert compare_within(run, POLICY)["verdict"] == "NOT COMPARABLE"


def test_an_arm_of_one_of_two_runs_is_not_comparable():
    values = {"with-context": {MEMORY: around(6e7)}}
    base = run_of({**values, "without-context": {MEMORY: around(6e7)}}, "made-up-1")
    document = compare_between(base, run_of(values, "made-up-2"), POLICY)
    assert document["exit_code"] == 7
    assert "has no arm without-context" in document["reasons"][0]


@pytest.mark.parametrize("side", [0, 1])
def test_a_gate_metric_that_one_side_lacks_is_not_comparable(side):
    pair = [around(8e4), around(8e4)]
    pair[side] = [None] * 8
    document = compare_within(run_of(builds(**{CPU: pair})), POLICY)
    assert (document["verdict"], document["exit_code"]) == ("NOT COMPARABLE", 7)
    assert f"not measured in with-context@{('base', 'head')[side]}" in document["reasons"][0]
    missing = metrics_of(document)[CPU][("base", "head")[side]]
    assert missing == {"median": None, "values": [None] * 8}


def test_a_metric_for_information_that_one_side_lacks_says_so():
    document = compare_within(run_of(builds(drain_time_ns=([None] * 8, around(8e4)))), POLICY)
    metric = metrics_of(document)["drain_time_ns"]
    assert (document["exit_code"], metric["verdict"]) == (0, None)
    assert metric["sentence"] == "not measured in with-context@base"
    assert metric["text"] == {"change": "n/a", "interval": "n/a", "limit": "n/a"}


def test_a_metric_that_no_pair_has_twice_is_not_comparable():
    pair = ([8e4, None] * 4, [None, 8e4] * 4)
    document = compare_within(run_of(builds(**{CPU: pair})), POLICY)
    assert "not in both of any pair" in metrics_of(document)[CPU]["sentence"]
    assert document["exit_code"] == 7


def test_repetitions_that_lack_a_metric_are_left_out_of_it_alone():
    pair = (around(8e4, 1, 10), around(8e4, 2, 10))
    pair[1][4] = None
    document = compare_within(run_of(builds(**{CPU: pair})), POLICY)
    metric = metrics_of(document)[CPU]
    assert metric["head"]["values"][4] is None
    assert metric["p"] >= 2 / 2**9
    assert metric["verdict"] == "NO CHANGE"


def test_a_metric_that_neither_arm_has_is_named():
    tasks = {
        name: ([None] * 8, [None] * 8)
        for name in ("leaked_tasks_per_request", "live_tasks_settled", "live_tasks_after")
    }
    document = compare_within(run_of(builds(**tasks)), POLICY)
    missing = document["comparisons"][0]["not_measured"]
    assert {entry["name"] for entry in missing if entry["gate"]} == set(tasks)
    assert document["exit_code"] == 0


def test_a_comparison_in_which_nothing_gates_is_not_comparable():
    gates = [rule.metric for rule in POLICY.rules if rule.gate]
    run = run_of(builds(**{name: ([None] * 8, [None] * 8) for name in gates}))
    document = compare_within(run, POLICY)
    assert (document["verdict"], document["exit_code"]) == ("NOT COMPARABLE", 7)
    assert document["reasons"] == ["with-context: no metric that gates was measured"]


# Work, machine and build.


def two_runs(edit):
    runs = [run_of({"with-context": {MEMORY: around(6e7)}}, f"made-up-{n}") for n in (1, 2)]
    edit(runs[1])
    return compare_between(*runs, POLICY, gating=True)


@pytest.mark.parametrize(
    "edit, reason",
    [
        (lambda r: r.plan["scenario"].update(name="other"), "scenario differs: synthetic against"),
        (lambda r: r.plan["plan"].update(requests=7), "requests differs: 20000 against 7"),
        (lambda r: r.plan["plan"].update(rounds=5), "rounds differs: 1 against 5"),
        (lambda r: r.plan["plan"].update(model="open"), "model differs: unknown against open"),
        (
            lambda r: r.plan["plan"]["variants"][0].update(options={"payload": "1"}),
            "options of with-context differs: job-duration=5s against payload=1",
        ),
        (lambda r: r.plan["environment"].update(cpu_model="other"), "cpu_model differs: made up"),
        (lambda r: r.plan["environment"].update(cores_online=64), "cores_online differs: 2"),
        (lambda r: r.plan["environment"].update(cores_allowed=[0]), "cores_allowed differs"),
        (lambda r: r.plan["environment"].update(memory_total_bytes=2**33), "memory_total_bytes"),
        (lambda r: r.plan["environment"].update(build_type="Debug"), "Release against Debug"),
        (
            lambda r: r.plan["environment"].update(sanitizers="address"),
            "sanitizers differs: none against address",
        ),
        (lambda r: r.plan["environment"].update(allocator="libc"), "tcmalloc against libc"),
        (
            lambda r: [rep.report["target"].update(cores=[0, 1]) for rep in r.repetitions],
            "number of the server's cores differs: 1 against 2",
        ),
    ],
)
def test_runs_of_other_work_machine_or_build_are_not_comparable(edit, reason):
    document = two_runs(edit)
    assert (document["verdict"], document["exit_code"]) == ("NOT COMPARABLE", 7)
    assert reason in document["reasons"][0]
    assert document["comparisons"][0]["metrics"] == []


@pytest.mark.parametrize(
    "edit, note",
    [
        (lambda r: r.plan["environment"].update(compiler="clang"), "compiler differs"),
        (lambda r: r.plan["environment"].update(kernel="9"), "kernel differs: 0.0.0 against 9"),
        (lambda r: r.plan["environment"].update(cpu_model=None), "cpu_model is not known of both"),
        (lambda r: r.plan.update(tool_version="9.9.9"), "tool_version differs"),
        (lambda r: r.plan["plan"].update(blocks=3), "not paired"),
        (lambda r: r.plan["warnings"].append({"message": "the machine is busy"}), "is busy"),
    ],
)
def test_what_may_differ_is_noted(edit, note):
    document = two_runs(edit)
    assert document["exit_code"] == 0
    assert any(note in line for line in document["notes"])


def test_an_arm_whose_requests_fail_is_not_comparable(run):
    for repetition in run.repetitions:
        if repetition.arm.endswith("@head"):
            repetition.report["load"]["requests"].update(ok=19_000, http_5xx=1_000)
    document = compare_within(run, POLICY)
    assert document["exit_code"] == 7
    assert "8,000 of 160,000 requests to with-context@head got no 2xx or 3xx answer: 5 %" in (
        document["reasons"][0]
    )


def test_an_arm_that_was_sent_no_request_is_not_comparable(run):
    for repetition in run.repetitions:
        repetition.report["load"]["requests"].update(sent=0, ok=0)
    document = compare_within(run, POLICY)
    assert "with-context@base was sent no request" in document["reasons"][0]


def test_builds_with_other_options_are_not_comparable(run):
    for repetition in run.repetitions:
        if repetition.arm.endswith("@head"):
            repetition.report["target"]["options"] = {"payload": "1"}
    document = compare_within(run, POLICY)
    assert "options of the server differs" in document["reasons"][0]


# The policy.


def policy_file(tmp_path, edit):
    document = json.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    edit(document)
    write_json(tmp_path / "policy.json", document)
    return tmp_path / "policy.json"


def test_the_default_policy_follows_its_schema_and_has_all_metrics(run):
    assert [rule.metric for rule in POLICY.rules if rule.exact] == [
        "leaked_tasks_per_request", "live_tasks_settled", "live_tasks_after",
    ]  # fmt: skip
    metrics = run.repetitions[0].report["metrics"]
    assert {rule.metric for rule in POLICY.rules} == set(metrics)


def test_another_policy_is_applied(here, folder, tmp_path):
    policy = policy_file(
        tmp_path, lambda d: d.update(name="mine", metrics={MEMORY: d["metrics"][MEMORY]})
    )
    result = here(folder, "--policy", policy)
    assert result.returncode == 0
    assert "policy mine" in result.stdout
    assert CPU not in result.stdout


@pytest.mark.parametrize(
    "edit, part",
    [
        (lambda d: d["metrics"][MEMORY].update(gates=True), "gates"),
        (lambda d: d["metrics"][MEMORY].update(better="less"), "'less' is not one of"),
        (lambda d: d["metrics"][MEMORY]["margin"].update(relative=-1), "margin.relative"),
        (lambda d: d["metrics"].clear(), "$.metrics"),
        (lambda d: d.update(alpha=5), "alpha"),
        (lambda d: d.pop("failed_repetitions"), "failed_repetitions"),
    ],
)
def test_a_policy_that_is_wrong_is_refused(tmp_path, edit, part):
    with pytest.raises(ReportError, match="does not follow policy.schema.json") as caught:
        read_policy(policy_file(tmp_path, edit))
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("memory_peak_byte", "did you mean memory_peak_bytes?"), ("xyz", "there are response_time_")],
)
def test_a_metric_that_does_not_exist_is_refused_with_what_was_meant(tmp_path, name, hint):
    policy = policy_file(tmp_path, lambda d: d["metrics"].update({name: d["metrics"][MEMORY]}))
    with pytest.raises(ReportError) as caught:
        read_policy(policy)
    assert f"{policy} has an unknown metric {name}: {hint}" in str(caught.value)


def test_a_gate_on_a_metric_that_the_run_does_not_have_is_refused(run):
    for repetition in run.repetitions:
        del repetition.report["metrics"][MEMORY]
    with pytest.raises(ReportError, match=f"policy default gates {MEMORY}, a metric that no"):
        compare_within(run, POLICY)


def test_a_run_whose_files_disagree_is_refused(call, refused, run_folder):
    path = run_folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    summary["arms"][0]["metrics"][MEMORY]["values"][0] += 1
    path.write_text(json.dumps(summary), encoding="utf-8")
    arms = ",".join(arm["name"] for arm in summary["arms"])
    refused(call("compare.py", run_folder, "--arms", arms), 2, "values of")
