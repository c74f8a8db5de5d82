"""CPU of the server and of the load generator while the load was on."""

from leakbench_report.charts.dots import Row, draw_dots


def draw_load_cpu(run, medium):
    rows = []
    for arm in run.arms():
        for name, used, hollow in (
            ("server", server_cores, False), ("generator", generator_cores, True)
        ):
            values = [used(repetition) for repetition in run.repetitions_of(arm)]
            rows.append(Row(arm, name, values, hollow=hollow, write=cores))
    return draw_dots(
        run, medium, rows, "CPU of server and generator under load", "cores used under load",
        "Filled: server; hollow: load generator. A dot for each repetition; the bar is their "
        f"median.\n{bound(run)}A generator that uses up its cores sends late.",
        each="repetition",
    )


def cores(value):
    return f"{value:.2f}"


def server_cores(repetition):
    percent = repetition.report["metrics"]["cpu_percent"]
    return None if percent is None else percent / 100


def generator_cores(repetition):
    """Returns CPU time over wall time from first request to last response, over all rounds."""
    spent = repetition.report["load"]["generator"]["cpu_ns"]
    loads = [phase for phase in repetition.report["phases"] if phase["name"] == "load"]
    length = sum(phase["end_ns"] - phase["start_ns"] for phase in loads)
    return spent / length if spent is not None and length > 0 else None


def bound(run):
    """Returns how many cores each had, where all repetitions agree."""
    targets = [repetition.report["target"] for repetition in run.repetitions]
    found = {(len(each["cores"]), len(each["generator_cores"])) for each in targets}
    if len(found) != 1 or 0 in next(iter(found)):
        return ""
    ((server, generator),) = found
    return f"Bound to: server {server}, generator {generator}. "
