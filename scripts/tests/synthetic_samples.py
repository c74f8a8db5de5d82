"""Makes the timeline of a made-up repetition."""

import csv

from synthetic_arms import SECOND, expected_of

SAMPLE_COLUMNS = (
    "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,"
    "rss_bytes,memory_peak_bytes,cpu_ns,threads,fds"
).split(",")


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
