"""Google Benchmark's JSON: one benchmark for each arm, its real time the mean response time and its
CPU time the CPU time per request, everything else as user counters. All repetitions and their
aggregates are in it, so that `compare.py filters FILE @base @head` sets the arms side by side."""

import json
from statistics import fmean, median, stdev

from leakbench_report.errors import ReportError

from leakbench_compare.exports.arms import arms_of

REAL, CPU = "response_time_mean_ns", "cpu_ns_per_request"


def render(document):
    scenario = document["scenario"]["name"]
    entries = []
    for family, arm in enumerate(arms_of(document)):
        entries += family_of(f"{scenario}/{arm.name}", family, arm)
    if not entries:
        raise ReportError(
            f"nothing to export to google-benchmark: it takes {REAL} and {CPU} of the same "
            "repetition, and there is none"
        )
    head = document["head_run"]
    debug = head["environment"]["build_type"] == "Debug"
    context = {
        "date": head["started_utc"],
        "executable": "leakbench",
        "num_cpus": head["environment"]["cores_online"],
        "caches": [],
        "library_build_type": "debug" if debug else "release",
        "json_schema_version": 1,
        "leakbench_run": head["id"],
    }
    return json.dumps({"context": context, "benchmarks": entries}, indent=2, allow_nan=False) + "\n"


def family_of(name, family, arm):
    found = [repetition_of(arm, index) for index in range(arm.repetitions)]
    found = [values for values in found if {REAL, CPU} <= values.keys()]
    common = {
        "family_index": family,
        "per_family_instance_index": 0,
        "run_name": name,
        "repetitions": len(found),
        "threads": 1,
    }
    entries = [
        entry_of(name, values, common, run_type="iteration", repetition_index=index)
        for index, values in enumerate(found)
    ]
    for aggregate, (unit, summary) in AGGREGATES.items():
        if len(found) > 1:
            shared = set.intersection(*(set(values) for values in found))
            values = {key: summary([v[key] for v in found]) for key in found[0] if key in shared}
            kind = {"aggregate_name": aggregate, "aggregate_unit": unit}
            entries.append(
                entry_of(f"{name}_{aggregate}", values, common, run_type="aggregate", **kind)
            )
    return entries


def repetition_of(arm, index):
    values = {name: metric["values"][index] for name, metric in arm.metrics.items()}
    return {name: value for name, value in values.items() if value is not None}


def entry_of(name, values, common, **kind):
    counters = {key: value for key, value in values.items() if key not in (REAL, CPU)}
    return {
        "name": name,
        **common,
        **kind,
        "iterations": 1,
        "real_time": values[REAL],
        "cpu_time": values[CPU],
        "time_unit": "ns",
        **counters,
    }


def coefficient_of_variation(values):
    return stdev(values) / fmean(values) if fmean(values) else 0.0


AGGREGATES = {
    "mean": ("time", fmean),
    "median": ("time", median),
    "stddev": ("time", stdev),
    "cv": ("percentage", coefficient_of_variation),
}
