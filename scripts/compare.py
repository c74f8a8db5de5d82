#!/usr/bin/env python3
"""Compares two builds, or two arms, by what leakbench measured. Measures nothing itself."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from leakbench_compare.command_line import Parser, require_writable
from leakbench_report import interpreter
from leakbench_report.errors import ReportError

HELP = """\
Compares the arms of a run, or two runs, metric by metric, and says of each metric that gates:

  REGRESSION      worse, surely, and by more than the limit
  IMPROVED        better, surely, and by more than the limit
  NO CHANGE       within the limit, surely
  SMALL CHANGE    changed, surely, but perhaps within the limit
  INCONCLUSIVE    none of these; with what could have been seen, and how many pairs it takes
  NOT COMPARABLE  other work, machine or build, or not measured on both sides

The whole may also be NOT AS EXPECTED: the head leaks where its manifest expects it not to, or does
not where it should, whether the base does or not. Where a count of tasks is worse, or that is so,
the places are named that start the tasks which the head has and the base has not, or fewer of.

One RUN holds VARIANT@base and VARIANT@head of each variant and is compared block by block. A
VARIANT@control in it, which is base a second time, tells whether to trust it. --arms compares any
two arms instead. Two runs are not paired: what changed on the machine between them counts as a
change, so they do not gate unless you say so.

With --calibrate RUN is one of `leakbench run --calibrate`, which measured one build twice: instead
of comparing, this says how large a change has to be for this machine to see it, and keeps that in
RUN/calibration.json. With --strict too few pairs, or a build that differs from itself, are exit
code 5.

Which metrics gate, and how large a change counts, is in the policy file. The table goes to stdout,
notes go to stderr.
"""
EPILOG = """\
examples:
  scripts/compare.py results/orphaned-task-20261122T200000Z-1a2b3c
  scripts/compare.py results/reference --arms without-context,with-context
  scripts/compare.py results/BASE results/HEAD --json comparison.json
  scripts/compare.py RUN --strict --markdown comment.md --junit junit.xml
  scripts/compare.py RUN --export go=arms.txt && benchstat -col /build arms.txt

exit codes:
  0  no regression; what is inconclusive is said
  1  internal error
  2  usage: no run folder, a file that is broken, an arm that is not there
  3  a metric that gates has regressed
  4  the head leaks where its manifest expects it not to, or does not where it should
  5  with --strict: a metric that gates is inconclusive, or the control says not to trust it
  6  repetitions failed, or too few of those that were planned are complete
  7  not comparable: work, machine or build differ, an arm or a metric is missing on one side, or a
     file has a newer major schema version
"""


def main():
    arguments = parse_arguments()
    try:
        interpreter.require("jsonschema")
        return calibrate(arguments) if arguments.calibrate else compare(arguments)
    except ReportError as error:
        print(f"compare.py: {error}", file=sys.stderr)
        return error.exit_code


def parse_arguments():
    parser = Parser(
        prog="compare.py",
        description=HELP,
        epilog=EPILOG,
    )
    parser.add_argument(
        "runs", metavar="RUN", type=Path, nargs="+", help="one run folder, or that of base and head"
    )
    parser.add_argument("--arms", metavar="BASE,HEAD", type=two_names, help="arms to compare")
    parser.add_argument(
        "--policy", metavar="FILE", type=Path, help="instead of scripts/policies/default.json"
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit 5 when a gate metric is inconclusive"
    )
    parser.add_argument(
        "--calibrate", action="store_true", help="say what this machine can see of a change"
    )
    parser.add_argument(
        "--gate-unpaired", action="store_true", help="let the comparison of two runs exit 3 too"
    )
    parser.add_argument(
        "--markdown", metavar="FILE", type=Path, help="for a job summary or a comment"
    )
    parser.add_argument("--junit", metavar="FILE", type=Path, help="one case for each gate metric")
    parser.add_argument("--json", metavar="FILE", type=Path, help="all of it")
    parser.add_argument(
        "--export",
        metavar="FORMAT=FILE",
        type=format_and_file,
        action="append",
        default=[],
        help=f"the values for another tool: {', '.join(FORMATS)}; may be given again",
    )
    arguments = parser.parse_args()
    if len(arguments.runs) > 2:
        parser.error(f"takes one RUN or two, not {len(arguments.runs)}")
    if len(arguments.runs) == 1 and arguments.arms and len(set(arguments.arms)) == 1:
        parser.error(f"--arms names {arguments.arms[0]} twice; within one run two arms must differ")
    if arguments.gate_unpaired and len(arguments.runs) == 1:
        parser.error("--gate-unpaired is for two runs; one run is paired and gates anyway")
    if arguments.calibrate and (len(arguments.runs) == 2 or arguments.arms):
        parser.error("--calibrate takes one RUN, and knows which of its arms are the same build")
    if arguments.calibrate and (
        arguments.markdown or arguments.junit or arguments.json or arguments.export
    ):
        parser.error("--calibrate compares nothing: it writes RUN/calibration.json and a table")
    return arguments


# The names of leakbench_compare.exports.EXPORTS, which needs modules this Python may not have.
FORMATS = ("google-benchmark", "go", "github-action-benchmark", "bencher")


def two_names(text):
    names = text.split(",")
    if len(names) != 2 or not all(names):
        raise argparse.ArgumentTypeError(f"'{text}' is not two names of arms with a comma between")
    return names


def format_and_file(text):
    name, _, file = text.partition("=")
    if name not in FORMATS or not file:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not FORMAT=FILE with a format of {', '.join(FORMATS)}"
        )
    return name, Path(file)


def compare(arguments):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_compare import junit, markdown, terminal
    from leakbench_compare.exports import EXPORTS

    outputs = [arguments.json, arguments.markdown, arguments.junit]
    for file in [*outputs, *(file for _, file in arguments.export)]:
        if file is not None:
            require_writable(file)
    document = document_of(arguments)
    width = prepare_output(document)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sys.stdout.write(terminal.render(document, width, colour))
    files = [
        (arguments.json, lambda: json.dumps(document, indent=2, allow_nan=False) + "\n"),
        (arguments.markdown, lambda: markdown.render(document)),
        (arguments.junit, lambda: junit.render(document)),
    ]
    files += [(file, lambda n=name: EXPORTS[n](document)) for name, file in arguments.export]
    for file, render in files:
        if file is not None:
            write(file, render())
    return document["exit_code"]


def calibrate(arguments):
    from leakbench_compare import calibration
    from leakbench_compare.policy import DEFAULT_POLICY, read_policy

    policy = read_policy(arguments.policy or DEFAULT_POLICY)
    run = whole_run(arguments.runs[0])
    document = calibration.calibrate(run, policy, arguments.strict)
    sys.stdout.write(calibration.render(document, prepare_output(document)))
    write(run.folder / calibration.FILE, json.dumps(document, indent=2, allow_nan=False) + "\n")
    return document["exit_code"]


def whole_run(folder):
    """The run in `folder`, whose files agree with each other."""
    from leakbench_report.consistency import check_agreement
    from leakbench_report.run_folder import read_run

    run = read_run(folder, timelines=False)
    check_agreement(run)
    return run


def prepare_output(document):
    """Prints the notes and returns the width of the terminal."""
    for note in document["notes"]:
        print(f"compare.py: note: {note}", file=sys.stderr)
    # A terminal or a pipe that cannot show a character shows "?" in its place.
    sys.stdout.reconfigure(errors="replace")
    return shutil.get_terminal_size((100, 24)).columns


def document_of(arguments):
    from leakbench_compare.comparison import compare_between, compare_within
    from leakbench_compare.policy import DEFAULT_POLICY, read_policy

    policy = read_policy(arguments.policy or DEFAULT_POLICY)
    runs = [whole_run(folder) for folder in arguments.runs]
    if len(runs) == 1:
        return compare_within(*runs, policy, arguments.arms, arguments.strict)
    return compare_between(
        *runs, policy, arguments.arms, gating=arguments.gate_unpaired, strict=arguments.strict
    )


def write(file, text):
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReportError(f"cannot write {file}: {error.strerror or error}") from error


if __name__ == "__main__":
    sys.exit(main())
