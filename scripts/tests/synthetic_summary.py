"""Makes the summary of a made-up run."""

from statistics import median

from synthetic_arms import RUN_ID, VARIANTS, make_verdict

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
