"""The schemas accept what the format allows and refuse everything else."""

import copy
import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from compared_runs import twice
from leakbench_compare.calibration import calibrate
from leakbench_compare.comparison import compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.index import entry_of
from leakbench_report.json_files import SCHEMA_FOLDER, check, read_document
from leakbench_report.run_folder import read_run

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = (
    "run repetition summary manifest load load-interval policy comparison calibration allowlist "
    "index-entry"
).split()
# What the harness's own tests hold its output against.
GOLDEN_FOLDER = REPOSITORY / "harness/report/testdata"
GOLDEN_FILES = sorted(GOLDEN_FOLDER.glob("*.json"))
MANIFESTS = sorted(REPOSITORY.glob("scenarios/*/scenario.json"))
METRICS = (
    "response_time_mean_ns response_time_p50_ns response_time_p90_ns response_time_p99_ns "
    "response_time_p999_ns response_time_max_ns throughput_rps memory_peak_bytes "
    "memory_settled_bytes heap_in_use_settled_bytes live_tasks_after live_tasks_settled "
    "leaked_tasks_per_request drain_time_ns cpu_percent cpu_ns_per_request pause_p99_ns "
    "pause_max_ns gc_pause_total_ns answered_in_time_percent"
).split()
MINIMAL_MANIFEST = {
    "schema": "leakbench/manifest",
    "schema_version": "1.0.0",
    "name": "mine",
    "title": "My own service",
    "command": ["./server"],
    "load": {"connections": 10, "requests": 10},
    "settle": {"longest_task": "1.5s"},
    "metrics_source": "none",
    "variants": [{"name": "only", "expect": "clean"}],
}
ALLOWLIST = {
    "schema": "leakbench/allowlist",
    "schema_version": "1.0.0",
    "entries": [{"started_at": "main.work", "reason": "a pool", "most": 64, "expires": "2027-01-31"}],
}


def schema_of(kind):
    return json.loads((SCHEMA_FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def documents(run_folder):
    """One valid document of each kind."""
    files = {
        "run": run_folder / "run.json",
        "repetition": run_folder / "reps" / "001_without-context.json",
        "summary": run_folder / "summary.json",
    }
    found = {kind: json.loads(file.read_text(encoding="utf-8")) for kind, file in files.items()}
    for kind, name in (("load", "load.json"), ("load-interval", "load_interval.json")):
        found[kind] = json.loads((GOLDEN_FOLDER / name).read_text(encoding="utf-8"))
    return {
        **found,
        "manifest": copy.deepcopy(MINIMAL_MANIFEST),
        "allowlist": copy.deepcopy(ALLOWLIST),
        "policy": json.loads(DEFAULT_POLICY.read_text(encoding="utf-8")),
        "comparison": comparison_of(run_folder),
        "calibration": calibration_of(),
        "index-entry": entry_of(read_run(run_folder)),
    }


def comparison_of(run_folder):
    """Of two metrics only, which is enough to have every field."""
    policy = read_policy(DEFAULT_POLICY)
    policy = dataclasses.replace(policy, rules=policy.rules[-2:] + policy.rules[3:4])
    document = compare_within(read_run(run_folder), policy, ["without-context", "with-context"])
    return json.loads(json.dumps(document))


def calibration_of():
    """Of one metric that gates and one that does not."""
    policy = read_policy(DEFAULT_POLICY)
    rules = [next(rule for rule in policy.rules if rule.gate is gate) for gate in (True, False)]
    columns = {rule.metric: ([100.0 + step for step in range(8)],) * 2 for rule in rules}
    return calibrate(twice(**columns), dataclasses.replace(policy, rules=tuple(rules)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_itself_valid(kind):
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_valid_document_is_accepted(documents, kind):
    assert check(documents[kind], kind) == []


def test_definitions_that_two_schemas_share_are_the_same():
    shared = ("percentiles", "leak_site", "verdict")
    repetition, summary = (schema_of(kind)["$defs"] for kind in ("repetition", "summary"))
    assert {name: repetition[name] for name in shared} == {name: summary[name] for name in shared}


def test_the_metrics_have_the_names_of_the_report_contract():
    assert list(schema_of("repetition")["$defs"]["metrics"]["properties"]) == METRICS
    arm = schema_of("summary")["properties"]["arms"]["items"]["properties"]
    assert list(arm["metrics"]["properties"]) == METRICS


@pytest.mark.parametrize("kind", KINDS)
def test_every_object_of_a_schema_lists_its_fields_and_describes_them(kind):
    def walk(node, where):
        if isinstance(node, list):
            for item in node:
                walk(item, where)
        if not isinstance(node, dict):
            return
        if "properties" in node:
            assert node["additionalProperties"] is False, where
        for name, field in node.get("properties", {}).items():
            assert "$ref" in field or field["description"], f"{where}.{name}"
        for name, child in node.items():
            walk(child, f"{where}.{name}")

    walk(schema_of(kind), kind)


def every_field(node, path=()):
    """Yields the path of every field of every object in a document."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in items:
        if isinstance(node, dict):
            yield (*path, key)
        if isinstance(child, (dict, list)):
            yield from every_field(child, (*path, key))


def parent_of(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


# Objects whose keys are names that the run chooses: none of them has to be there.
FREE_KEYS = ("options", "waits", "outcomes", "connects", "spreads")


# Fields of a kind that a minor version has added, so that older files lack them, by their ends.
ADDED = {
    "repetition": [("pauses",), ("scheduler", "percentiles"), ("os_thread", "percentiles"),
                   ("idle_process", "percentiles")],
    "index-entry": [("load", "options")],
    "comparison": [("unexpected",), ("leak_sites",)],
}


def optional(kind, path):
    return any(path[-len(end) :] == end for end in ADDED.get(kind, ()))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("manifest", "policy", "allowlist")])
def test_no_field_may_be_missing(documents, kind):
    for path in list(every_field(documents[kind])):
        if optional(kind, path) or len(path) > 1 and path[-2] in FREE_KEYS:
            continue
        document = copy.deepcopy(documents[kind])
        del parent_of(document, path)[path[-1]]
        assert any("is a required property" in line for line in check(document, kind)), path


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_may_be_added(documents, kind):
    for path in list(every_field(documents[kind])):
        document = copy.deepcopy(documents[kind])
        if len(path) > 1 and path[-2] in FREE_KEYS:
            continue
        parent_of(document, path)["surplus"] = 1
        assert any("surplus" in line for line in check(document, kind)), path


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_may_have_another_type(documents, kind):
    for path in list(every_field(documents[kind])):
        document = copy.deepcopy(documents[kind])
        parent = parent_of(document, path)
        parent[path[-1]] = 7 if isinstance(parent[path[-1]], dict) else {"surplus": 1}
        assert check(document, kind), path


@pytest.mark.parametrize(
    "kind, path, value",
    [
        ("run", ("seed",), 1.5),
        ("run", ("seed",), -1),
        ("run", ("status",), "done"),
        ("run", ("started_utc",), "2026-11-22 20:00:00"),
        ("run", ("plan", "variants", 0, "expect"), "inconclusive"),
        ("run", ("schema_version",), "1.0"),
        ("repetition", ("target", "pid"), 0),
        ("repetition", ("metrics", "live_tasks_after"), -1),
        ("repetition", ("load", "requests", "sent"), 0.5),
        ("repetition", ("phases", 0, "name"), "warmup"),
        ("repetition", ("response_time", "percentiles", 0), [50]),
        ("repetition", ("response_time", "percentiles", 0), [50, 1, 2]),
        ("repetition", ("leak_sites", 0, "live"), -1),
        ("summary", ("arms", 0, "metrics", "cpu_percent", "values"), ["45 %"]),
        ("summary", ("table", 0, "metric"), "response_time"),
        ("load", ("model",), "open"),
        ("load", ("requests", "sent"), 0.5),
        ("load", ("response_time_ns", "p99"), -1),
        ("manifest", ("settle", "longest_task"), "5"),
        ("manifest", ("load", "connections"), 0),
        ("manifest", ("variants",), []),
        ("manifest", ("name",), "no blanks"),
        ("allowlist", ("entries", 0, "started_at"), "**.*"),
        ("allowlist", ("entries", 0, "reason"), ""),
        ("allowlist", ("entries", 0, "most"), -1),
        ("allowlist", ("entries", 0, "expires"), "soon"),
        ("allowlist", ("entries", 0), {"reason": "of what?"}),
    ],
)
def test_a_value_out_of_range_is_refused(documents, kind, path, value):
    parent_of(documents[kind], path)[path[-1]] = value
    assert check(documents[kind], kind)


def test_a_metric_that_was_not_measured_may_be_null(documents):
    for name in METRICS:
        documents["repetition"]["metrics"][name] = None
    assert check(documents["repetition"], "repetition") == []


def test_scenarios_have_manifests():
    assert MANIFESTS, f"no scenarios/*/scenario.json below {REPOSITORY}"


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_a_manifest_follows_its_schema_and_is_named_like_its_folder(manifest):
    assert read_document(manifest, "manifest", strict=True)["name"] == manifest.parent.name


def test_the_harness_has_golden_files():
    assert GOLDEN_FILES, f"no harness/report/testdata/*.json below {REPOSITORY}"


@pytest.mark.parametrize("golden", GOLDEN_FILES, ids=lambda path: path.stem)
def test_a_golden_file_of_the_harness_follows_its_schema(golden):
    kind = json.loads(golden.read_text(encoding="utf-8"))["schema"].removeprefix("leakbench/")
    read_document(golden, kind, strict=True)
