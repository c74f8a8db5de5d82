"""results/index.jsonl: one line for each run, so that figures can be followed over commits."""

import json

from leakbench_report.consistency import check_run
from leakbench_report.errors import EXIT_INCOMPLETE, ReportError
from leakbench_report.json_files import check_document, parse_text, reason_of

SCHEMA, SCHEMA_VERSION = "leakbench/index-entry", "1.1.0"
# What must be equal for two entries to be of the same machine.
MACHINE = ("cpu_model", "cores_online", "memory_total_bytes")


def entry_of(run):
    """Returns the entry of `run`; raises ReportError when it is not complete or disagrees with
    itself."""
    if run.plan["status"] != "complete":
        raise ReportError(
            f"{run.folder} {run.end()}; it is not added",
            EXIT_INCOMPLETE,
        )
    check_run(run)
    environment = run.plan["environment"]
    plan = run.plan["plan"]
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "run_id": run.plan["id"],
        "started_utc": run.plan["started_utc"],
        "scenario": run.plan["scenario"]["name"],
        "git_commit": environment["git_commit"],
        "git_dirty": environment["git_dirty"],
        "machine": {name: environment[name] for name in MACHINE},
        "load": {
            **{name: plan[name] for name in ("connections", "requests", "rounds")},
            # All arms of a run have the same.
            "options": plan["variants"][0]["options"],
        },
        "arms": [arm_of(arm) for arm in run.summary["arms"]],
    }


def arm_of(arm):
    return {
        "name": arm["name"],
        "repetitions": arm["repetitions"],
        "verdict": arm["verdict"]["class"],
        "as_expected": arm["verdict"]["as_expected"],
        "spreads": {name: spread_of(metric) for name, metric in arm["metrics"].items()},
    }


def spread_of(metric):
    known = [value for value in metric["values"] if value is not None]
    return {
        "median": metric["median"],
        "low": min(known, default=None),
        "high": max(known, default=None),
    }


def read_index(path):
    """Returns the entries in the order of their lines; raises ReportError naming the line that is
    broken, or that a newer version wrote."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportError(f"cannot read {path}: {reason_of(error)}") from error
    if text and not text.endswith("\n"):
        raise ReportError(f"{path} ends within a line: remove the line that was not written whole")
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{path}, line {number}"
        entries.append(check_document(where, parse_text(where, line), "index-entry"))
    return entries


def append(path, entry):
    line = json.dumps(entry, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(line)
    except OSError as error:
        raise ReportError(
            f"cannot write {path}: {reason_of(error)}; give another file with --index"
        ) from error
