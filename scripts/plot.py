#!/usr/bin/env python3
"""Draws the charts of a run folder. Reads its JSON and CSV files only; measures nothing."""

import argparse
import sys
from pathlib import Path

from leakbench_report import interpreter
from leakbench_report.errors import EXIT_INCOMPLETE, EXIT_OK, ReportError

HELP = """\
Draws the charts of one run, each as PNG (1200 px wide) and as SVG:

  live_tasks     live tasks over time of every variant; load and drain are marked
  memory         resident memory and heap in use over time
  response_time  response time by percentile, both axes logarithmic
  table          the table of results as bars, with the published figures beside

Paths of the files go to stdout, notes about what is missing to stderr. A chart for which nothing
was measured is not drawn; a note says why.
"""
EPILOG = """\
examples:
  scripts/plot.py results/reference
  scripts/plot.py results/orphaned-task-20261122T200000Z-1a2b3c -o /tmp/charts

exit codes:
  0  charts drawn
  1  internal error
  2  usage: no run folder, a file in it that is broken, or a Python module that is missing
  6  the run is incomplete and holds nothing to draw
  7  the run was written by a leakbench with a newer major schema version
"""


def main():
    arguments = parse_arguments()
    try:
        interpreter.require("matplotlib", "jsonschema")
        return draw(arguments.run, arguments.output or arguments.run / "charts")
    except ReportError as error:
        print(f"plot.py: {error}", file=sys.stderr)
        return error.exit_code


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="plot.py",
        description=HELP,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", type=Path, help="a folder that leakbench run wrote")
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, help="where to put the charts (RUN/charts)"
    )
    return parser.parse_args()


def draw(folder, output):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_report.charts.gallery import draw_all
    from leakbench_report.run_folder import read_run

    run = read_run(folder)
    for note in run.notes:
        print(f"plot.py: note: {note}", file=sys.stderr)
    files, skipped = draw_all(run, output)
    for note in skipped:
        print(f"plot.py: note: {note}", file=sys.stderr)
    for file in files:
        print(file)
    if not files:
        raise ReportError(f"{folder} holds nothing to draw", EXIT_INCOMPLETE)
    return EXIT_OK


if __name__ == "__main__":
    sys.exit(main())
