"""What a schema cannot say: that the files of one run agree with each other."""

from leakbench_report.errors import ReportError


def check_run(run):
    """Raises ReportError at the first disagreement between the files of `run`."""
    entries = [entry for entry in run.plan["repetitions"] if entry["status"] == "complete"]
    require(
        len(entries) == len(run.repetitions),
        f"{run.folder}/run.json lists {len(entries)} complete repetitions, "
        f"{len(run.repetitions)} of them have a file",
    )
    for entry, repetition in zip(entries, run.repetitions):
        check_repetition(run, entry, repetition)
    if run.plan["status"] == "complete":
        require(run.summary is not None, f"{run.folder} is complete but has no summary.json")
    if run.summary is not None:
        check_summary(run)


def check_repetition(run, entry, repetition):
    where, report = run.folder / entry["file"], repetition.report
    agree(where, "run_id", report["run_id"], run.plan["id"])
    for name in ("index", "block", "arm", "status"):
        agree(where, name, report[name], entry[name])
    if report["samples_file"] is not None:
        require(repetition.samples, f"{where}: {report['samples_file']} is missing or has no rows")


def check_summary(run):
    where = run.folder / "summary.json"
    agree(where, "run_id", run.summary["run_id"], run.plan["id"])
    agree(where, "status", run.summary["status"], run.plan["status"])
    for arm in run.summary["arms"]:
        found = len(run.repetitions_of(arm["name"]))
        agree(where, f"repetitions of {arm['name']}", arm["repetitions"], found)
        for name, metric in arm["metrics"].items():
            agree(where, f"number of values of {arm['name']} {name}", len(metric["values"]), found)


def agree(where, name, value, wanted):
    require(value == wanted, f"{where}: {name} is {value!r}, the rest of the run says {wanted!r}")


def require(condition, message):
    if not condition:
        raise ReportError(message)
