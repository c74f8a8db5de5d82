"""What a schema cannot say: that the files of one run agree with each other."""

from leakbench_report.errors import ReportError
from leakbench_report.medians import median_of
from leakbench_report.summary_table import columns_of, rows_of


def check_run(run):
    """Raises ReportError at the first disagreement between the files of `run`."""
    entries = [entry for entry in run.plan["repetitions"] if entry["status"] == "complete"]
    require(
        len(entries) == len(run.repetitions),
        f"{run.folder}/run.json lists {len(entries)} complete repetitions, "
        f"{len(run.repetitions)} of them have a file",
    )
    for repetition in run.repetitions:
        check_repetition(run, repetition)
    if run.plan["status"] == "complete":
        require(run.summary is not None, f"{run.folder} is complete but has no summary.json")
    if run.summary is not None:
        check_summary(run)


def check_repetition(run, repetition):
    check_identity(run, repetition)
    where, file = run.folder / repetition.entry["file"], repetition.report["samples_file"]
    if file is not None:
        require(repetition.samples, f"{where}: {file} is missing or has no rows")


def check_identity(run, repetition):
    """Raises ReportError when a report is not the one that run.json lists in its place."""
    where, report = run.folder / repetition.entry["file"], repetition.report
    agree(where, "run_id", report["run_id"], run.plan["id"])
    for name in ("index", "block", "arm", "status"):
        agree(where, name, report[name], repetition.entry[name])


def check_summary(run):
    where = run.folder / "summary.json"
    agree(where, "run_id", run.summary["run_id"], run.plan["id"])
    agree(where, "status", run.summary["status"], run.plan["status"])
    for arm in run.summary["arms"]:
        found = len(run.repetitions_of(arm["name"]))
        agree(where, f"repetitions of {arm['name']}", arm["repetitions"], found)
        for name, metric in arm["metrics"].items():
            check_metric(run, where, arm["name"], name, metric)
    arms = {arm["name"]: arm for arm in run.summary["arms"]}
    columns = columns_of(run.summary)
    for row in rows_of(run.summary):
        check_row(where, columns, arms, row)


def check_metric(run, where, arm, name, metric):
    measured = [rep.report["metrics"].get(name) for rep in run.repetitions_of(arm)]
    agree(where, f"number of values of {arm} {name}", len(metric["values"]), len(measured))
    agree(where, f"values of {arm} {name}", metric["values"], measured)
    agree_about(where, f"median of {arm} {name}", name, metric["median"], median_of(measured))


def check_row(where, columns, arms, row):
    """A counter of the scenario's own is not among the metrics."""
    for name, values in (("medians", row.medians), ("changes", row.changes)):
        agree(where, f"number of {name} in the row {row.label}", len(values), len(columns))
    if row.metric is None:
        return
    for column, value in zip(columns, row.medians):
        what = f"{column.title} of the row {row.metric}"
        wanted = arms[column.arm]["metrics"][row.metric]["median"] if column.arm in arms else None
        agree_about(where, what, row.metric, value, wanted)


def agree(where, name, value, wanted):
    require(value == wanted, f"{where}: {name} is {value!r}, the rest of the run says {wanted!r}")


def agree_about(where, what, metric, value, wanted):
    """As agree, but for rounding: the harness writes nanoseconds and bytes as whole numbers."""
    if value is not None and wanted is not None:
        slack = 1 if "_ns" in metric or metric.endswith("_bytes") else 1e-9 * abs(wanted)
        if abs(value - wanted) <= slack:
            return
    agree(where, what, value, wanted)


def require(condition, message):
    if not condition:
        raise ReportError(message)
