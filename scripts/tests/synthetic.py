"""Makes run folders for tests. Every value comes from a formula: nothing was measured, and nothing
of this is a result."""

import json

from synthetic_arms import RUN_ID, SECOND, STARTED, VARIANTS, expected_of, place_of
from synthetic_repetition import make_repetition
from synthetic_samples import write_samples
from synthetic_summary import make_summary


def make_run(
    folder, blocks=3, rounds=1, requests=20_000, unmeasured=(), runtimes=("",), builds=("",)
):
    """Writes a run folder into `folder`. Metrics and sample columns in `unmeasured` are null. Each
    of `runtimes` is what the arms of one begin with, "go-" of Go, and each of `builds` what they end
    with, as "@head"."""
    (folder / "reps").mkdir(parents=True)
    (folder / "samples").mkdir()
    arms = [
        runtime + variant + build
        for runtime in runtimes for variant in VARIANTS for build in builds
    ]
    order = [arms[:: -1 if block % 2 else 1] for block in range(blocks)]
    planned = [(block + 1, arm) for block, arms in enumerate(order) for arm in arms]
    reports = []
    for index, (block, arm) in enumerate(planned, start=1):
        report = make_repetition(index, block, arm, rounds, requests, unmeasured)
        write_samples(folder / report["samples_file"], report, requests, unmeasured)
        write_json(folder / file_of(report), report)
        reports.append(report)
    write_json(folder / "run.json", make_plan(reports, order, rounds, requests))
    write_json(folder / "summary.json", make_summary(reports, requests, arms))
    return folder


def write_json(path, document):
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def file_of(report):
    return f"reps/{report['index']:03}_{report['arm']}.json"


def make_plan(reports, order, rounds, requests):
    return {
        "schema": "leakbench/run",
        "schema_version": "1.0.0",
        "id": RUN_ID,
        "tool_version": "0.0.0",
        "started_utc": STARTED,
        "finished_utc": "2000-01-01T00:01:00Z",
        "status": "complete",
        "argv": ["leakbench", "run", "synthetic"],
        "seed": 42,
        "scenario": {"name": "synthetic", "title": "Made up", "manifest": "scenario.json"},
        "plan": {
            "blocks": len(order),
            "rounds": rounds,
            "connections": requests // 2,
            "requests": requests,
            "warmup_requests": 1000,
            "settle_ns": 7 * SECOND,
            "drain_limit_ns": 10 * SECOND,
            "linger_after_ns": SECOND,
            "sample_interval_ns": 50_000_000,
            "variants": [
                {"name": name, "expect": expected_of(name), "options": {"job-duration": "5s"}}
                for name in sorted(order[0], key=place_of)
            ],
            "order": order,
        },
        "repetitions": [
            {
                "index": report["index"],
                "block": report["block"],
                "arm": report["arm"],
                "status": "complete",
                "file": file_of(report),
                "error": None,
            }
            for report in reports
        ],
        "environment": make_environment(),
        "warnings": [{"id": "synthetic", "message": "made by a test"}],
    }


def make_environment():
    return {
        "cpu_model": "made up",
        "cores_online": 2,
        "cores_allowed": [0, 1],
        "kernel": "0.0.0",
        "memory_total_bytes": 2**32,
        "compiler": "g++ 0.0.0",
        "build_type": "Release",
        "compiler_flags": "-O3",
        "sanitizers": "",
        "allocator": "tcmalloc",
        "git_commit": None,
        "git_dirty": None,
        "nofile_soft": 20000,
        "nofile_hard": 20000,
        "somaxconn": 4096,
        "port_range": [32768, 60999],
        "load_average_1m": 0.5,
    }
