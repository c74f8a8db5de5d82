"""Results as people read them."""

from leakbench_bench.figures import median
from leakbench_bench.tables import MISSING, columns, times, yes_or_no
from leakbench_report.humanize import duration, with_unit
from load_bench.results import BYTES, NANOSECONDS, REFERENCE, TIMES

DECIMAL_BYTES = (("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9))
HEAD = (
    "requests/s",
    "over wrk",
    "target",
    "met",
    "CPU/request",
    "the server's",
    "its core",
    "the server's",
    "peak memory",
)


def load_table(loads):
    """One block for each operation, all of them as wide as the widest."""
    rows = []
    for operation in dict.fromkeys(load.operation for load in loads):
        rows.append((operation.title, *HEAD))
        rows += [load_row(load) for load in loads if load.operation == operation]
        rows.append(("",) * (1 + len(HEAD)))
    return columns(rows)[:-1] if rows else []


def load_row(load):
    least = load.least_over_reference
    return (
        load.client.name,
        shown(load.rps, lambda rps: f"{rps:,.0f}"),
        "" if load.client.name == REFERENCE else times(load.over_reference),
        "" if least is None else times(least),
        "" if least is None else yes_or_no(load.met),
        shown(median(load.samples, "client_cpu_ns"), duration),
        shown(median(load.samples, "server_cpu_ns"), duration),
        shown(median(load.samples, "client_share"), percent),
        shown(
            median(load.samples, "server_share"),
            lambda share: percent(share) + (", full" if load.server_is_full else ""),
        ),
        shown(median(load.samples, "memory_peak"), decimal_bytes),
    )


def figure_table(figures):
    """What else is asked of leakbench."""
    if not figures:
        return []
    rows = [("leakbench", "engine", "measured", "target", "met", "beside it")]
    for figure in figures:
        beside = ", ".join(
            f"{name}: {in_unit(value, unit)}" for name, value, unit in named(figure.beside)
        )
        rows.append(
            (
                figure.title,
                figure.engine,
                in_unit(figure.value, figure.unit),
                wanted(figure),
                yes_or_no(figure.met),
                beside,
            )
        )
    return columns(rows, left=2)


def named(beside):
    """The names as words, apart from the units at their ends."""
    units = {"ns": NANOSECONDS, "bytes": BYTES}
    for name, value in beside.items():
        words, _, unit = name.rpartition("_")
        yield words.replace("_", " "), value, units[unit]


def wanted(figure):
    most = in_unit(figure.most, figure.unit)
    if figure.least is None:
        return f"at most {most}"
    return f"{in_unit(figure.least, figure.unit)} to {most}"


def in_unit(value, unit):
    return shown(value, {TIMES: times, BYTES: decimal_bytes, NANOSECONDS: duration}[unit])


def shown(value, how):
    return MISSING if value is None else how(value)


def percent(share):
    return f"{share * 100:.0f} %"


def decimal_bytes(value):
    return with_unit(value, DECIMAL_BYTES)
