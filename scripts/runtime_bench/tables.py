"""Results as people read them."""

from leakbench_bench.figures import median
from leakbench_bench.tables import MISSING, columns, times, yes_or_no
from leakbench_report.humanize import duration, number
from runtime_bench.operations import BYTES


def cost(value, unit):
    """"1,040 ns", so that a column compares at a glance; longer units from 100,000 ns on."""
    if value is None:
        return MISSING
    if unit == BYTES:
        return f"{number(value)} B"
    return f"{number(value)} ns" if abs(value) < 100_000 else duration(value)


def target(operation):
    wanted = operation.target
    if wanted is None:
        return ""
    parts = []
    if wanted.ours is not None:
        parts.append(cost(wanted.ours, operation.unit))
    if wanted.ratio is not None:
        parts.append(times(wanted.ratio))
    return ", ".join(parts)


def met(result):
    if result.operation.target is None:
        return ""
    return yes_or_no(result.met)


def micro_table(results):
    """One block for each number of workers, all of them as wide as the widest."""
    rows = []
    for workers in sorted({result.operation.workers for result in results}):
        title = f"{workers} worker{'' if workers == 1 else 's'}"
        rows.append((title, "ours", "Go", "ratio", "target", "met"))
        for result in results:
            operation = result.operation
            if operation.workers == workers:
                has_peer = operation.peer is not None
                rows.append(
                    (
                        operation.title,
                        cost(result.our_median, operation.unit),
                        cost(result.peer_median, operation.unit) if has_peer else "",
                        times(result.ratio) if has_peer else "",
                        target(operation),
                        met(result),
                    )
                )
        rows.append(("",) * 6)
    return columns(rows)[:-1] if rows else []


def http_table(results):
    """Requests per CPU-second: how many a core serves when the server has all of it."""
    if not results:
        return []
    rows = [("requests per CPU-second", "ours", "peer", "", "ratio", "target", "met")]
    for result in results:
        rows.append(
            (
                f"{result.operation.connections:,} connections",
                per_second(result.our_median),
                per_second(result.peer_median),
                {"go": "Go", "nginx": "nginx"}[result.operation.peer],
                times(result.ratio),
                target(result.operation),
                met(result),
            )
        )
    return columns(rows)


def per_second(nanoseconds):
    return MISSING if nanoseconds is None else f"{1e9 / nanoseconds:,.0f}"


def registry_table(costs):
    rows = [("registry", "workers", "with", "without", "difference")]
    for entry in costs:
        unit = entry.operation.unit
        rows.append(
            (
                entry.operation.title,
                str(entry.operation.workers),
                cost(median(entry.with_registry), unit),
                cost(median(entry.without), unit),
                cost(entry.difference, unit),
            )
        )
    return columns(rows)
