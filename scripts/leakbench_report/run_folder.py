"""Reads a run folder: what was planned, every repetition that is complete, and the summary."""

from dataclasses import dataclass, field
from pathlib import Path

from leakbench_report.errors import ReportError
from leakbench_report.json_files import read_document
from leakbench_report.samples import read_samples


# Statuses in words, where the word alone would mislead: a run that was killed says "running" for
# ever, and its files cannot tell that from one that is still at it.
NEVER_ENDED = "never ended: it was killed, unless it is still running"
IN_WORDS = {"running": "never ended", "planned": "never started"}


@dataclass
class Repetition:
    entry: dict  # its line in run.json
    report: dict  # reps/NNN_ARM.json
    samples: list  # of samples/NNN_ARM.csv; empty when there is no such file

    @property
    def arm(self):
        return self.report["arm"]

    @property
    def index(self):
        return self.report["index"]


@dataclass
class Run:
    folder: Path
    plan: dict  # run.json
    repetitions: list  # the complete ones, in run order
    summary: dict  # summary.json, or None
    notes: list  # what is missing, one line each
    comparison: dict = None  # comparison.json, where compare.py has put one into the folder
    lost: list = field(default_factory=list)  # lines in run.json of complete repetitions without a file

    def end(self):
        """Returns what became of a run that is not complete, in words."""
        status = self.plan["status"]
        return NEVER_ENDED if status == "running" else f"is {status}, not complete"

    def arms(self):
        """Names of the arms with a complete repetition, in the order of the plan's variants."""
        planned = [variant["name"] for variant in self.plan["plan"]["variants"]]
        found = [repetition.arm for repetition in self.repetitions]
        return [name for name in dict.fromkeys(planned + found) if name in found]

    def repetitions_of(self, arm):
        return [repetition for repetition in self.repetitions if repetition.arm == arm]


def read_run(folder, strict=False, timelines=True):
    """Returns the run in `folder`. Repetitions that failed or whose files are missing are left out
    with a note; files that are there and broken raise ReportError. `strict` as in read_document.
    Without `timelines` neither the samples nor a comparison are read."""
    folder = Path(folder)
    if not folder.is_dir():
        raise ReportError(f"no run folder {folder}: give a folder that leakbench run has written")
    if not (folder / "run.json").exists():
        raise ReportError(f"{folder} is not a run folder: it has no run.json")
    plan = read_document(folder / "run.json", "run", strict)
    run = Run(folder, plan, [], None, [])
    if plan["status"] != "complete":
        run.notes.append(f"run {plan['id']} {run.end()}")
    for entry in plan["repetitions"]:
        add_repetition(run, entry, strict, timelines)
    if (folder / "summary.json").exists():
        run.summary = read_document(folder / "summary.json", "summary", strict)
    else:
        run.notes.append("there is no summary.json")
    if timelines and (folder / "comparison.json").exists():
        run.comparison = read_comparison(folder / "comparison.json", plan["id"], strict)
    return run


def read_comparison(path, run_id, strict):
    """Returns the comparison in `path`; one of other runs would be shown as if it were of this."""
    comparison = read_document(path, "comparison", strict)
    compared = [comparison[side]["id"] for side in ("base_run", "head_run")]
    if run_id not in compared:
        raise ReportError(
            f"{path} compares {' and '.join(dict.fromkeys(compared))}, not {run_id}: write it anew "
            f"with compare.py {path.parent} --json {path}"
        )
    return comparison


def add_repetition(run, entry, strict, timelines):
    title = f"repetition {entry['index']} ({entry['arm']})"
    if entry["status"] != "complete":
        error = f": {entry['error']}" if entry["error"] else ""
        status = IN_WORDS.get(entry["status"], entry["status"])
        run.notes.append(f"{title} is left out: {status}{error}")
        return
    path = inside(run.folder, entry["file"])
    if path is None:
        run.notes.append(f"{title} is left out: its file {entry['file']} is missing")
        run.lost.append(entry)
        return
    report = read_document(path, "repetition", strict)
    samples = samples_of(run, title, report) if timelines else []
    run.repetitions.append(Repetition(entry, report, samples))


def samples_of(run, title, report):
    path = inside(run.folder, report["samples_file"])
    if path is None:
        run.notes.append(f"{title} has no timeline: {report['samples_file']} is missing")
        return []
    return read_samples(path)


def inside(folder, name):
    """Returns the file `name` of the run folder, or None when there is none. A name that leads out
    of the folder is refused: a run folder from elsewhere must not make us read other files."""
    if name is None:
        return None
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ReportError(f"{folder / 'run.json'} names the file {name} outside the run folder")
    return path if path.is_file() else None
