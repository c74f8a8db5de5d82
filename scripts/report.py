#!/usr/bin/env python3
"""Writes the report of a run folder as one HTML file. Reads its JSON and CSV files only."""

import argparse
import sys
from pathlib import Path

from leakbench_report import interpreter
from leakbench_report.errors import EXIT_INCOMPLETE, EXIT_OK, ReportError

HELP = """\
Writes the report of one run as a single HTML file: the verdict in words, the table of results,
charts with the data behind them, the lines that started what leaked, the machine, warnings, and
the commands that make the run again. The file needs no network and no other file; the same run
always gives the same bytes. Lines of source text are those of the run's commit where git has it
here, else those that are there now; what cannot be read is left out.

Its path goes to stdout, notes about what is missing to stderr.
"""
EPILOG = """\
examples:
  scripts/report.py results/reference
  scripts/report.py results/orphaned-task-20261122T200000Z-1a2b3c --out /tmp/report.html

exit codes:
  0  report written; also when some repetitions have failed, which it says
  1  internal error
  2  usage: no run folder, a file in it that is broken or was edited, so that the files disagree,
     or a Python module that is missing
  6  no repetition is complete, or the file of one that was is missing: the report is written of
     what there is and says why
  7  the run was written by a leakbench with a newer major schema version
"""


def main():
    arguments = parse_arguments()
    try:
        interpreter.require("matplotlib", "jsonschema", "jinja2")
        return write_report(arguments)
    except ReportError as error:
        print(f"report.py: {error}", file=sys.stderr)
        return error.exit_code


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="report.py",
        description=HELP,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", type=Path, help="a folder that leakbench run wrote")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="where to put the report (RUN/report.html)"
    )
    parser.add_argument(
        "--source", metavar="DIR", type=Path,
        help="where the source of the servers is, for the lines that leaked (this project)",
    )
    return parser.parse_args()


def write_report(arguments):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_report.consistency import check_agreement, require_every_repetition
    from leakbench_report.html.page import build_page
    from leakbench_report.html.source_lines import PROJECT
    from leakbench_report.run_folder import read_run

    folder, path = arguments.run, arguments.out or arguments.run / "report.html"
    source = arguments.source or PROJECT
    if not source.is_dir():
        raise ReportError(f"no folder {source}: give the root of the servers' source with --source")
    run = read_run(folder)
    check_agreement(run)
    for note in run.notes:
        print(f"report.py: note: {note}", file=sys.stderr)
    write(path, build_page(run, source))
    print(path)
    if not run.repetitions:
        raise ReportError(f"{folder} has no complete repetition; {path} says why", EXIT_INCOMPLETE)
    require_every_repetition(run, f"{path} is of the others")
    return EXIT_OK


def write(path, page):
    from leakbench_report.json_files import reason_of

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReportError(
            f"cannot write {path}: {reason_of(error)}; give another file with --out"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
