"""Makes run folders for tests. Every value comes from a formula here: nothing was measured, and
nothing of this is a result."""

import csv
import json
import math
from statistics import median

SECOND = 1_000_000_000
STARTED = "2000-01-01T00:00:00Z"
RUN_ID = "synthetic-20000101T000000Z-000000"
VARIANTS = {"without-context": "lingering", "with-context": "clean"}
METRIC_UNITS = {
    "response_time_mean_ns": "ns",
    "response_time_p50_ns": "ns",
    "response_time_p90_ns": "ns",
    "response_time_p99_ns": "ns",
    "response_time_p999_ns": "ns",
    "response_time_max_ns": "ns",
    "throughput_rps": "requests/s",
    "memory_peak_bytes": "bytes",
    "memory_settled_bytes": "bytes",
    "heap_in_use_settled_bytes": "bytes",
    "live_tasks_after": "tasks",
    "live_tasks_settled": "tasks",
    "leaked_tasks_per_request": "tasks/request",
    "drain_time_ns": "ns",
    "cpu_percent": "percent",
    "cpu_ns_per_request": "ns",
    "pause_p99_ns": "ns",
    "pause_max_ns": "ns",
    "gc_pause_total_ns": "ns",
}
PUBLISHED = {
    "response_time_mean_ns": (1_900_000_000, 1_400_000_000, -26, "1.9 s -> 1.4 s (-26 %)"),
    "memory_peak_bytes": (120_000_000, 78_000_000, -35, "120 MB -> 78 MB (-35 %)"),
    "live_tasks_after": (1220, 64, -95, "1,220 -> 64 (-95 %)"),
    "cpu_percent": (45, 32, -29, "45 % -> 32 % (-29 %)"),
    "pause_p99_ns": (12_000_000, 6_000_000, -50, "GC pause 12 ms -> 6 ms (-50 %)"),
}
ROWS = {
    "response_time_mean_ns": "Average response time",
    "response_time_p99_ns": "p99 response time",
    "memory_peak_bytes": "Maximum memory",
    "live_tasks_after": "Live tasks after the requests",
    "cpu_percent": "Average CPU",
    "cpu_ns_per_request": "CPU per request, to the end of the round",
    "pause_p99_ns": "Pause (scheduler heartbeat p99)",
}
SAMPLE_COLUMNS = (
    "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,"
    "rss_bytes,memory_peak_bytes,cpu_ns,threads,fds"
).split(",")


def make_run(folder, blocks=3, rounds=1, requests=20_000, unmeasured=(), runtimes=("",)):
    """Writes a run folder into `folder`. Metrics and sample columns in `unmeasured` are null. Each
    of `runtimes` is what the arms of one begin with, "go-" of Go."""
    (folder / "reps").mkdir(parents=True)
    (folder / "samples").mkdir()
    arms = [runtime + variant for runtime in runtimes for variant in VARIANTS]
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


def make_repetition(index, block, arm, rounds, requests, unmeasured):
    lingers = expected_of(arm) == "lingering"
    phases = make_phases(index, rounds, lingers)
    metrics = make_metrics(index, lingers, requests, unmeasured)
    return {
        "schema": "leakbench/repetition",
        "schema_version": "1.0.0",
        "run_id": RUN_ID,
        "index": index,
        "block": block,
        "arm": arm,
        "variant": arm,
        "status": "complete",
        "started_utc": STARTED,
        "duration_ns": phases[-1]["end_ns"],
        "target": {
            "command": ["server", "--variant", arm],
            "pid": 1000 + index,
            "cores": [0],
            "generator_cores": [1],
            "exit_code": 0,
            "exit_signal": None,
            "stopped": "gracefully",
            "options": {"job-duration": "5s"},
        },
        "load": make_load(requests, rounds),
        "phases": phases,
        "rounds": [
            {"round": number, "metrics": metrics, "drained": True}
            for number in range(1, rounds + 1)
        ],
        "metrics": metrics,
        "live_tasks_baseline": 0,
        "response_time": {"count": requests, "percentiles": make_percentiles(index, lingers)},
        "leak_sites": [make_leak_site(requests)] if lingers else [],
        "verdict": make_verdict(arm),
        "samples_file": f"samples/{index:03}_{arm}.csv",
    }


def make_phases(index, rounds, lingers):
    """Warm-up, and in each round load (about 2 s), drain and settle; connect comes once."""
    load = int((1.9 if lingers else 1.4) * SECOND) + index * 20_000_000
    drain = 5 * SECOND if lingers else 30_000_000
    phases = [("warm-up", 0, SECOND), ("connect", 1, int(1.2 * SECOND))]
    for number in range(1, rounds + 1):
        phases += [("load", number, load), ("drain", number, drain)]
        phases.append(("settle", number, 7 * SECOND - drain))
    clock, result = 0, []
    for name, number, length in phases:
        result.append({"name": name, "round": number, "start_ns": clock, "end_ns": clock + length})
        clock += length
    return result


def make_load(requests, rounds):
    outcomes = (
        "sent ok http_3xx http_4xx http_5xx refused connect_timeout reset end_of_file parse_error "
        "timeout cut_by_end"
    ).split()
    connections = requests // 2
    sent = requests * rounds
    return {
        "model": "burst",
        "connections": {
            "asked": connections,
            "established": connections,
            "served": connections,
        },
        "requests": {**dict.fromkeys(outcomes, 0), "sent": sent, "ok": sent},
        "connect_time_ns": {"p50": 90_000, "p99": 400_000, "max": 2_000_000},
        "generator": {"cpu_ns": SECOND, "memory_peak_bytes": 40 * 2**20},
    }


def make_percentiles(index, lingers):
    slow = (1.3 if lingers else 1) * (1 + index / 50)
    percentiles = (50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99)
    return [
        [p, int(slow * 3e8 * (1 + math.log10(100 / (100 - p))) ** 1.5)] for p in percentiles
    ]


def make_metrics(index, lingers, requests, unmeasured):
    more = 1.35 if lingers else 1.0
    values = {
        "response_time_mean_ns": int(1.4e9 * more) + index * 1_000_000,
        "response_time_p50_ns": int(1.2e9 * more),
        "response_time_p90_ns": int(1.6e9 * more),
        "response_time_p99_ns": int(1.9e9 * more),
        "response_time_p999_ns": int(2.1e9 * more),
        "response_time_max_ns": int(2.4e9 * more),
        "throughput_rps": 12345.6 / more,
        "memory_peak_bytes": int(55 * 2**20 * more**3) + index * 4096,
        "memory_settled_bytes": int(50 * 2**20 * more),
        "heap_in_use_settled_bytes": 9 * 2**20,
        "live_tasks_after": requests if lingers else 12,
        "live_tasks_settled": 0,
        "leaked_tasks_per_request": 0,
        "drain_time_ns": 5 * SECOND if lingers else 30_000_000,
        "cpu_percent": 61.25 * more,
        "cpu_ns_per_request": int(95_000 * more**4),
        "pause_p99_ns": int(2.6e6 * more),
        "pause_max_ns": int(9.1e6 * more),
        "gc_pause_total_ns": None,
    }
    return {name: None if name in unmeasured else value for name, value in values.items()}


def make_leak_site(requests):
    return {
        "name": "made_up",
        "file": "scenarios/made-up/server.cc",
        "line": 41,
        "function": "made_up",
        "live": requests,
        "waits": {"timer": requests},
    }


def expected_of(arm):
    return VARIANTS[arm.removeprefix("go-").partition("@")[0]]


def place_of(arm):
    """Sorts arms as `leakbench run` plans them, whatever the random order of a block: by runtime,
    variant and build."""
    variant, _, build = arm.removeprefix("go-").partition("@")
    return arm.startswith("go-"), list(VARIANTS).index(variant), build


def make_verdict(arm):
    expected = expected_of(arm)
    reason = f"made up to be {expected}"
    return {"class": expected, "expected": expected, "as_expected": True, "reason": reason}


def write_samples(path, report, requests, unmeasured):
    lingers = expected_of(report["arm"]) == "lingering"
    end = report["phases"][-1]["end_ns"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SAMPLE_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for t_ns in range(0, end, 50_000_000):
            phase = next(p for p in report["phases"] if t_ns < p["end_ns"])
            tasks = live_tasks(report["phases"], phase, t_ns, requests, lingers)
            row = make_sample(report["index"], phase, t_ns, tasks, requests)
            writer.writerow({k: v for k, v in row.items() if k not in unmeasured})


def live_tasks(phases, phase, t_ns, requests, lingers):
    """Rises over the load; without a context each task ends 5 s after it started."""
    if phase["round"] == 0:
        return 0
    if not lingers:
        return t_ns // 50_000_000 % 12 if phase["name"] == "load" else 0
    load = next(p for p in phases if p["name"] == "load" and p["round"] == phase["round"])
    length = load["end_ns"] - load["start_ns"]
    risen = min(max((t_ns - load["start_ns"]) / length, 0), 1)
    fallen = min(max((t_ns - load["start_ns"] - 5 * SECOND) / length, 0), 1)
    return round(requests * (risen - fallen))


def make_sample(index, phase, t_ns, tasks, requests):
    connections = requests // 2 if phase["name"] != "warm-up" else 100
    resident = (12 + index / 5) * 2**20 + connections * 3000 + tasks * 4600
    return {
        "t_ns": t_ns,
        "phase": phase["name"],
        "round": phase["round"],
        "live_tasks": tasks,
        "requests_in_flight": connections if phase["name"] == "load" else 0,
        "connections_open": connections,
        "heap_in_use_bytes": int(resident * 0.8),
        "rss_bytes": int(resident),
        "memory_peak_bytes": int(resident),
        "cpu_ns": t_ns // 2,
        "threads": 4,
        "fds": connections + 20,
    }


def make_summary(reports, requests, names):
    """In the first version of the format for the two variants alone."""
    arms = [make_arm(arm, [r for r in reports if r["arm"] == arm]) for arm in names]
    columns = {}
    if len(names) > len(VARIANTS):
        columns = {"columns": [make_column(name, names) for name in names]}
    return {
        "schema": "leakbench/summary",
        "schema_version": "1.0.0",
        "run_id": RUN_ID,
        "status": "complete",
        "scenario": {"name": "synthetic", "title": "Made up"},
        "headline": f"{requests // 2:,} concurrent requests, each starts one 5 s task",
        "arms": arms,
        **columns,
        "table": [make_row(metric, label, arms) for metric, label in ROWS.items()],
        "as_expected": True,
    }


def make_arm(arm, reports):
    percentiles = [report["response_time"]["percentiles"] for report in reports]
    return {
        "name": arm,
        "repetitions": len(reports),
        "metrics": {
            name: make_measured(unit, [report["metrics"][name] for report in reports])
            for name, unit in METRIC_UNITS.items()
        },
        "verdict": make_verdict(arm),
        "leak_sites": reports[-1]["leak_sites"],
        "response_time_percentiles": [
            [pairs[0][0], median(ns for _, ns in pairs)] for pairs in zip(*percentiles)
        ],
    }


def make_measured(unit, values):
    known = [value for value in values if value is not None]
    return {"unit": unit, "median": median(known) if known else None, "values": values}


def make_column(arm, names):
    place = names.index(arm)
    against = names[place - 1] if place % len(VARIANTS) else None
    return {"arm": arm, "title": arm.replace("-", " "), "held_against": against}


def make_row(metric, label, arms):
    medians = [arm["metrics"][metric]["median"] for arm in arms]
    without, with_ = medians[: len(VARIANTS)]
    known = without is not None and with_ is not None
    figures = PUBLISHED.get(metric)
    more = {}
    if len(arms) > len(VARIANTS):
        change = (with_ - without) / without * 100 if known else None
        changes = [change if place % len(VARIANTS) else None for place in range(len(arms))]
        more = {"medians": medians, "changes_percent": changes}
    return {
        **more,
        "metric": metric,
        "label": label,
        "unit": METRIC_UNITS[metric],
        "without": without,
        "with": with_,
        "change_percent": (with_ - without) / without * 100 if known else None,
        "published": dict(zip(("without", "with", "change_percent", "text"), figures))
        if figures
        else None,
    }
