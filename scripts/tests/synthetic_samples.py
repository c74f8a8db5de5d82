"""Makes the timeline of a made-up repetition."""

import csv

from synthetic_arms import SECOND, expected_of

SAMPLE_COLUMNS = (
    "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,"
    "rss_bytes,memory_peak_bytes,cpu_ns,threads,fds,generator_cpu_ns,responses_ok,"
    "response_time_p50_ns,response_time_p99_ns,response_time_max_ns"
).split(",")
INTERVAL = 50_000_000
FEWEST = {50: 20, 99: 1000}  # answers that a percentile needs


def write_samples(path, report, requests, unmeasured):
    lingers = expected_of(report["arm"]) == "lingering"
    end = report["phases"][-1]["end_ns"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SAMPLE_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for t_ns in range(0, end, INTERVAL):
            phase = next(p for p in report["phases"] if t_ns < p["end_ns"])
            tasks = live_tasks(report["phases"], phase, t_ns, requests, lingers)
            row = make_sample(report["index"], phase, t_ns, tasks, requests)
            row.update(make_cpu(report["phases"], t_ns, lingers))
            row.update(make_responses(report["index"], phase, t_ns, requests, lingers))
            writer.writerow({k: v for k, v in row.items() if k not in unmeasured})


def live_tasks(phases, phase, t_ns, requests, lingers):
    """Rises over the load; without a context each task ends 5 s after it started."""
    if phase["round"] == 0:
        return 0
    if not lingers:
        return t_ns // INTERVAL % 12 if phase["name"] == "load" else 0
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
        "threads": 4,
        "fds": connections + 20,
    }


def make_cpu(phases, t_ns, lingers):
    """Of the server and of the generator: most of it under load, and a little always."""
    loads = [phase for phase in phases if phase["name"] == "load"]
    busy = sum(max(0, min(t_ns, phase["end_ns"]) - phase["start_ns"]) for phase in loads)
    return {
        "cpu_ns": t_ns // 20 + busy * (75 if lingers else 55) // 100,
        "generator_cpu_ns": t_ns // 50 + busy * (30 if lingers else 40) // 100,
    }


def make_responses(index, phase, t_ns, requests, lingers):
    """Of the answers that came since the row before: few at first and at last, most in between.
    They take the longer the later they come, and one in the middle takes longest."""
    if phase["name"] != "load":
        return {}
    length = phase["end_ns"] - phase["start_ns"]
    until = (t_ns - phase["start_ns"]) / length
    answers = answered(until, requests) - answered(until - INTERVAL / length, requests)
    typical = int((1.3 if lingers else 1) * (1 + index / 50) * (1e8 + 1e9 * until))
    times = {"p50": (FEWEST[50], typical), "p99": (FEWEST[99], typical * 3 // 2)}
    longest = typical * (3 if 0.4 < until < 0.5 else 2)
    times["max"] = (1, longest)
    return {
        "responses_ok": answers,
        **{f"response_time_{k}_ns": ns for k, (fewest, ns) in times.items() if answers >= fewest},
    }


def answered(share, requests):
    """Returns how many answers have come when this share of the load's time is over."""
    if not 0 < share < 1:
        return requests if share >= 1 else 0
    return round(requests / (1 + (1 / share - 1) ** 3))
