"""What a schema cannot say: that the files of one run agree with each other."""

from leakbench_report.errors import EXIT_INCOMPLETE, ReportError
from leakbench_report.medians import median_of
from leakbench_report.summary_table import columns_of, rows_of


INCONCLUSIVE = "inconclusive"
LOST = object()  # in place of what a repetition measured whose file is missing


def check_run(run):
    """Raises ReportError at the first file that is missing, or that disagrees with the others."""
    entries = complete_entries(run)
    require(
        len(entries) == len(run.repetitions),
        f"{run.folder}/run.json lists {len(entries)} complete repetitions, "
        f"{len(run.repetitions)} of them have a file",
    )
    if run.plan["status"] == "complete":
        require(run.summary is not None, f"{run.folder} is complete but has no summary.json")
    for repetition in run.repetitions:
        check_samples(run, repetition)
    check_agreement(run)


def check_agreement(run):
    """Raises ReportError at the first disagreement between the files of `run` that are there: one
    of them was edited, or is of another run."""
    for repetition in run.repetitions:
        check_identity(run, repetition)
        where = run.folder / repetition.entry["file"]
        check_verdict(run, where, repetition.arm, repetition.report["verdict"])
    if run.summary is not None:
        check_summary(run)


def require_every_repetition(run, where):
    """Raises ReportError when a repetition was lost since the run; `where` says what was made of the
    others."""
    if run.lost:
        names = ", ".join(entry["file"] for entry in run.lost)
        raise ReportError(
            f"{run.folder} has lost {names}, which its run.json lists as complete; {where}",
            EXIT_INCOMPLETE,
        )


def complete_entries(run, arm=None):
    return [
        entry for entry in run.plan["repetitions"]
        if entry["status"] == "complete" and arm in (None, entry["arm"])
    ]


def check_samples(run, repetition):
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
        check_arm(run, where, arm)
    failures = run.summary.get("control_failures")
    expected = [arm["verdict"]["as_expected"] for arm in run.summary["arms"]]
    wanted = bool(expected) and all(expected) and not failures
    agree(where, "as_expected", run.summary["as_expected"], wanted)
    arms = {arm["name"]: arm for arm in run.summary["arms"]}
    columns = columns_of(run.summary)
    for row in rows_of(run.summary):
        check_row(where, columns, arms, row)


def check_arm(run, where, arm):
    name = arm["name"]
    reports = reports_of(run, name)
    agree(where, f"repetitions of {name}", arm["repetitions"], len(reports))
    for metric, values in arm["metrics"].items():
        measured = [r if r is LOST else r["metrics"].get(metric) for r in reports]
        check_values(where, f"{name} {metric}", metric, values, measured)
    for place, counter in enumerate(arm.get("counters", [])):
        measured = [r if r is LOST else counter_of(r, place) for r in reports]
        check_values(where, f"{name} {counter['label']}", "", counter, measured)
    check_class(where, name, arm["verdict"]["class"], reports)
    check_verdict(run, where, name, arm["verdict"])


def reports_of(run, arm):
    """Returns what each complete repetition of `arm` reports, in run order."""
    found = {repetition.index: repetition.report for repetition in run.repetitions}
    return [found.get(entry["index"], LOST) for entry in complete_entries(run, arm)]


def counter_of(report, place):
    counters = report.get("counters", [])
    return counters[place]["per_request"] if place < len(counters) else None


def check_values(where, what, metric, found, measured):
    values = found["values"]
    agree(where, f"number of values of {what}", len(values), len(measured))
    wanted = [value if m is LOST else m for value, m in zip(values, measured)]
    agree(where, f"values of {what}", values, wanted)
    agree_about(where, f"median of {what}", metric, found["median"], median_of(wanted))


def check_verdict(run, where, arm, verdict):
    """Raises ReportError when a verdict contradicts itself or the plan."""
    expected = {each["name"]: each["expect"] for each in run.plan["plan"]["variants"]}
    agree(where, f"verdict expected of {arm}", verdict["expected"], expected.get(arm, verdict["expected"]))
    as_expected = verdict["class"] == verdict["expected"]
    agree(where, f"verdict as_expected of {arm}", verdict["as_expected"], as_expected)


def check_class(where, arm, found, reports):
    """Repetitions that do not agree are inconclusive together, and so are none."""
    known = {report["verdict"]["class"] for report in reports if report is not LOST}
    if LOST in reports and (not known or found == INCONCLUSIVE):
        return  # what is lost may have said anything
    wanted = known.pop() if len(known) == 1 else INCONCLUSIVE
    agree(where, f"verdict class of {arm}", found, wanted)


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
