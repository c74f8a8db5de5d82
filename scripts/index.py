#!/usr/bin/env python3
"""Adds a run to the index of runs, from which the history over commits is drawn."""

import argparse
import sys
from pathlib import Path

from leakbench_report import interpreter
from leakbench_report.errors import EXIT_OK, ReportError

DEFAULT_INDEX = Path("results/index.jsonl")
HELP = """\
Adds a line for each RUN to an index: which commit on which machine, and of every arm its verdict
and the median, lowest and highest value of each metric. `plot.py INDEX -o DIR` draws the history
from it. The order of the lines is the order in the chart: add a run when its commit is built.

The index needs nothing of the runs afterwards, so that their folders can go. A run that it has
already is passed over with a note.
"""
EPILOG = """\
examples:
  scripts/index.py results/orphaned-task-20261122T200000Z-1a2b3c
  scripts/index.py results/*/ --index /srv/leakbench/index.jsonl

exit codes:
  0  every run is in the index
  1  internal error
  2  usage: no run folder, or a file that is broken, the index included
  6  a run is not complete: it is not added, nor are those after it
  7  a file has a newer major schema version
"""


def main():
    arguments = parse_arguments()
    try:
        interpreter.require("jsonschema")
        return add_runs(arguments.runs, arguments.index)
    except ReportError as error:
        print(f"index.py: {error}", file=sys.stderr)
        return error.exit_code


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="index.py",
        description=HELP,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "runs", metavar="RUN", type=Path, nargs="+", help="a folder that leakbench run wrote"
    )
    parser.add_argument(
        "--index", metavar="FILE", type=Path, default=DEFAULT_INDEX,
        help=f"the index, made when it does not exist ({DEFAULT_INDEX})",
    )
    return parser.parse_args()


def add_runs(folders, index):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_report.index import append, entry_of, read_index
    from leakbench_report.run_folder import read_run

    listed = {entry["run_id"] for entry in read_index(index)} if index.exists() else set()
    for folder in folders:
        entry = entry_of(read_run(folder))
        if entry["run_id"] in listed:
            print(f"index.py: note: {index} has {entry['run_id']} already", file=sys.stderr)
            continue
        append(index, entry)
        listed.add(entry["run_id"])
        print(f"{index}: {entry['run_id']}")
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
