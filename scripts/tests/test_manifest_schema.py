"""The schema of manifests accepts what the harness reads, and refuses what it refuses."""

import copy

import pytest
from leakbench_report.json_files import check

STARTED = {
    "schema": "leakbench/manifest",
    "schema_version": "1.1.0",
    "name": "cascading-timeout",
    "title": "An API asks two services",
    "command": ["{server}", "--port", "{port}", "--user", "127.0.0.1:{port:user}"],
    "services": [{"name": "user", "command": ["{server}", "--port={port}", "--slow={latency}"]}],
    "environment": {"LOG": "", "PEER": "{port:user}"},
    "working_folder": "work",
    "options": {"latency": "3s"},
    "ready": {"path": "/healthz", "timeout": "7s"},
    "runtimes": [
        {"name": "cpp", "server": "{bin_dir}/leakbench-server", "metrics_source": "leakbench"},
        {
            "name": "go",
            "server": "{bin_dir}/leakbench-server-go",
            "metrics_source": [
                "leakbench",
                {"kind": "go", "pprof_path": "/pprof", "expvar_path": "/vars"},
            ],
        },
    ],
    "requests": [
        {"path": "/a", "weight": 3},
        {"method": "POST", "path": "/b", "headers": {"X-A": "1", "X-B": ""}, "body": "{}"},
    ],
    "load": {
        "connections": 10,
        "requests": 100,
        "warmup_requests": 10,
        "rounds": 5,
        "request_timeout": "7s",
        "aborts": ["20%@200ms:rst"],
        "accepted_statuses": [504],
    },
    "settle": {"longest_task": "{latency}", "margin": "1s", "linger_after": "500ms"},
    "variants": [
        {"name": "without-context", "expect": "leaking", "environment": {"LOG": "x"}},
        {"name": "with-context", "expect": "clean"},
    ],
    "answer_within": "2.1s",
    "counters": [{"series": 'wasted_ns_total{kind="a"}', "label": "Wasted work", "unit": "ns"}],
}
RUNNING = {
    "schema": "leakbench/manifest",
    "schema_version": "1.1.0",
    "name": "mine",
    "title": "My service",
    "url": "http://127.0.0.1:8080",
    "control_port": 6060,
    "pid": 4711,
    "metrics_source": {
        "kind": "prometheus",
        "metrics_path": "/m",
        "live_tasks": 't{a="b"}',
        "heap_in_use": "h",
    },
    "load": {"connections": 10, "requests": 100},
    "settle": {"longest_task": "1s"},
    "variants": [{"name": "as-it-is", "expect": "clean"}],
}
REMOVED = object()


def changed(base, changes):
    manifest = copy.deepcopy(base)
    for key, value in changes.items():
        if value is REMOVED:
            del manifest[key]
        else:
            manifest[key] = value
    return manifest


@pytest.mark.parametrize("manifest", [STARTED, RUNNING], ids=["started", "running"])
def test_a_manifest_with_every_field_is_accepted(manifest):
    assert check(manifest, "manifest") == []


@pytest.mark.parametrize(
    "base, changes",
    [
        (STARTED, {"requests": REMOVED}),
        (STARTED, {"requests": REMOVED, "request": {"headers": {"A": "b"}, "body": "c"}}),
        (STARTED, {"runtimes": REMOVED, "metrics_source": ["go", "prometheus"]}),
        (STARTED, {"runtimes": REMOVED, "metrics_source": {"kind": "none"}}),
        (RUNNING, {"pid": REMOVED, "control_port": REMOVED}),
        (RUNNING, {"url": "http://localhost:80/"}),
    ],
)
def test_what_may_be_is_accepted(base, changes):
    assert check(changed(base, changes), "manifest") == []


@pytest.mark.parametrize(
    "base, changes",
    [
        (STARTED, {"url": "http://127.0.0.1:8080"}),
        (STARTED, {"command": REMOVED}),
        (STARTED, {"metrics_source": "none"}),
        (STARTED, {"runtimes": REMOVED}),
        (STARTED, {"request": {}}),
        (STARTED, {"pid": 1}),
        (STARTED, {"environment": {"A=B": "c"}}),
        (STARTED, {"options": {"port": "1"}}),
        (STARTED, {"services": [{"name": "a"}]}),
        (STARTED, {"requests": []}),
        (STARTED, {"requests": [{"weight": 0}]}),
        (STARTED, {"requests": [{"headers": {"content-length": "1"}}]}),
        (STARTED, {"requests": [{"headers": {"A": "b\r\nc"}}]}),
        (STARTED, {"load": {"connections": 1, "requests": 1, "accepted_statuses": [204]}}),
        (STARTED, {"load": {"connections": 1, "requests": 1, "aborts": ["20%"]}}),
        (STARTED, {"load": {"connections": 1, "requests": 1, "rounds": 0}}),
        (STARTED, {"counters": [{"series": "a", "label": "b", "unit": "miles"}]}),
        (RUNNING, {"url": "http://10.0.0.1:8080"}),
        (RUNNING, {"url": "http://127.0.0.1:8080/path"}),
        (RUNNING, {"control_port": 65536}),
        (RUNNING, {"metrics_source": "none"}),
        (RUNNING, {"options": {}}),
        (RUNNING, {"services": []}),
        (RUNNING, {"metrics_source": {"kind": "go", "metrics_path": "/m"}}),
        (RUNNING, {"metrics_source": []}),
        (RUNNING, {"metrics_source": "gopher"}),
    ],
)
def test_what_cannot_be_is_refused(base, changes):
    assert check(changed(base, changes), "manifest")
