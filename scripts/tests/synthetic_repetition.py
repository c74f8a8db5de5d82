"""Makes what one made-up repetition reports."""

import math

from synthetic_arms import RUN_ID, SECOND, STARTED, expected_of, make_verdict


def make_repetition(index, block, arm, rounds, requests, unmeasured):
    lingers = expected_of(arm) == "lingering"
    phases = make_phases(index, rounds, lingers)
    metrics = make_metrics(index, lingers, requests, unmeasured)
    return {
        "schema": "leakbench/repetition",
        "schema_version": "1.3.0",
        "run_id": RUN_ID,
        "index": index,
        "block": block,
        "arm": arm,
        "variant": arm.partition("@")[0],
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
            {
                "round": number,
                "metrics": metrics,
                "drained": True,
                "pauses": make_pauses(arm, metrics, phases),
            }
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


def make_pauses(arm, metrics, phases):
    """A beat each millisecond of the load: late in the server's scheduler, less so beside it, and
    a server in Go has none in a thread."""
    load = next(phase for phase in phases if phase["name"] == "load")
    beats = (load["end_ns"] - load["start_ns"]) // 1_000_000
    scheduler = None
    if metrics["pause_p99_ns"] is not None and metrics["pause_max_ns"] is not None:
        scheduler = make_heartbeat(beats, metrics["pause_p99_ns"], metrics["pause_max_ns"])
    return {
        "scheduler": scheduler,
        "os_thread": None if arm.startswith("go-") else make_heartbeat(beats, 900_000, 4_000_000),
        "idle_process": make_heartbeat(beats, 240_000, 3_000_000),
    }


def make_heartbeat(beats, p99_ns, max_ns):
    """Its percentiles end where fewer than ten beats are later."""
    percentiles = [
        [p, int(p99_ns * ((1 + math.log10(100 / (100 - p))) / 3) ** 2)]
        for p in (50.0, 75.0, 90.0, 95.0, 99.0)
    ]
    half = dict(percentiles)[50.0]
    return {
        "count": beats, "p50_ns": half, "p99_ns": p99_ns, "max_ns": max_ns,
        "percentiles": percentiles,
    }


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
