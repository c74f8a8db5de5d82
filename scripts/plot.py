#!/usr/bin/env python3
"""Draws the charts of run folders. Reads their JSON and CSV files only; measures nothing."""

import argparse
import sys
from pathlib import Path

from leakbench_report import interpreter
from leakbench_report.errors import EXIT_INCOMPLETE, EXIT_OK, ReportError

HELP = """\
Draws the charts of one run, each as PNG (1200 px wide) and as SVG:

  live_tasks        live tasks over time of every variant; load and drain are marked
  tasks_per_round   live tasks left after each round, and how much they grow
  drain_time        time from the last response until the last task has ended
  memory            resident memory and heap in use over time
  memory_per_round  memory left after each round, and how much it grows
  response_time     response time by percentile, both axes logarithmic
  response_time_over_time
                    p50, p99 and longest of the answers between two samples
  cpu               CPU of server and load generator over time
  pause             how late the heartbeat in the server's scheduler came, and an idle process's
  leak_sites        the lines that started the tasks which outlived their requests
  comparison        head / base of every metric that scripts/compare.py has weighed
  pairs             the differences behind that, pair by pair in run order
  noise_floor       the smallest change that the machine could show, from the control arm
  table             the table of results as bars, with the published figures beside

or, with several runs, one chart of all of them:

  suite             live tasks over time, a small panel for each run

or, with an index of runs (*.jsonl, from scripts/index.py), for each scenario in it:

  history_SCENARIO  figures of every arm over commits

Paths of the files go to stdout, notes about what is missing to stderr. A chart for which nothing
was measured, or that says nothing of this run, is not drawn; a note says why. What is left after
each round needs a run of two rounds or more. The three of a comparison need RUN/comparison.json,
which compare.py RUN --json writes. Runs of older versions have no response times over time and no
generator's CPU over time. An arm go-VARIANT has the colour of VARIANT and a line of its own; where
builds are compared, VARIANT@base, VARIANT@head and VARIANT@control have the build's colour.
"""
EPILOG = """\
examples:
  scripts/plot.py results/reference
  scripts/plot.py results/orphaned-task-20261122T200000Z-1a2b3c -o /tmp/charts
  scripts/plot.py results/orphaned-task-* -o /tmp/suite
  scripts/plot.py results/index.jsonl -o /tmp/history

exit codes:
  0  charts drawn
  1  internal error
  2  usage: no run folder, several without -o, a file that is broken or was edited, so that the
     files of a run disagree, or a Python module that is missing
  6  the run is incomplete and holds nothing to draw, or the file of a complete repetition is
     missing: charts of the others are drawn
  7  the run was written by a leakbench with a newer major schema version
"""


def main():
    arguments = parse_arguments()
    try:
        interpreter.require("matplotlib", "jsonschema")
        return draw(arguments.runs, arguments.output)
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
    parser.add_argument(
        "runs", metavar="RUN", type=Path, nargs="+",
        help="a folder that leakbench run wrote, or one index of runs",
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path,
        help="where to put the charts (RUN/charts); needed with several runs and an index",
    )
    return parser.parse_args()


def draw(folders, output):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_report.charts.gallery import draw_all, draw_overview
    from leakbench_report.consistency import check_agreement, require_every_repetition
    from leakbench_report.run_folder import read_run

    if folders[0].suffix == ".jsonl":
        return draw_index(folders, output)
    if len(folders) > 1 and output is None:
        raise ReportError("several runs: say with -o DIR where the chart of all of them goes")
    runs = [read_run(folder) for folder in folders]
    for run in runs:
        check_agreement(run)
        where = f"{run.folder}: " if len(runs) > 1 else ""
        tell(f"{where}{note}" for note in run.notes)
    if len(runs) > 1:
        code = list_files(*draw_overview(runs, output), folders)
    else:
        code = list_files(*draw_all(runs[0], output or folders[0] / "charts"), folders)
    for run in runs:
        require_every_repetition(run, "the charts are of the others")
    return code


def draw_index(paths, output):
    from leakbench_report.charts.gallery import draw_histories
    from leakbench_report.index import read_index

    if len(paths) > 1:
        raise ReportError(f"{paths[0]} is an index of runs: give it alone")
    if output is None:
        raise ReportError("an index of runs: say with -o DIR where its charts go")
    return list_files(*draw_histories(read_index(paths[0]), output), paths)


def list_files(files, notes, sources):
    tell(notes)
    for file in files:
        print(file)
    if not files:
        names = " and ".join(map(str, sources))
        raise ReportError(f"{names} holds nothing to draw", EXIT_INCOMPLETE)
    return EXIT_OK


def tell(notes):
    for note in notes:
        print(f"plot.py: note: {note}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
