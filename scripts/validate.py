#!/usr/bin/env python3
"""Checks a run folder against the schemas, and that its files agree with each other."""

import argparse
import sys
from pathlib import Path

from leakbench_report import interpreter
from leakbench_report.errors import EXIT_OK, ReportError

EPILOG = """\
examples:
  scripts/validate.py results/reference

exit codes:
  0  every file follows its schema, and none disagrees with another
  1  internal error
  2  a file is missing, broken, against its schema, or edited so that it disagrees with another;
     usage
  7  the run was written by a leakbench with a newer major schema version
"""


def main():
    parser = argparse.ArgumentParser(
        prog="validate.py",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", type=Path, help="a folder that leakbench run wrote")
    folder = parser.parse_args().run
    try:
        interpreter.require("jsonschema")
        validate(folder)
    except ReportError as error:
        print(f"validate.py: {error}", file=sys.stderr)
        return error.exit_code
    return EXIT_OK


def validate(folder):
    # Only now is it certain that this Python has what these modules import.
    from leakbench_report.consistency import check_run
    from leakbench_report.run_folder import read_run

    run = read_run(folder, strict=True)
    check_run(run)
    for note in run.notes:
        print(f"validate.py: note: {note}", file=sys.stderr)
    count = len(run.repetitions)
    print(f"{folder}: valid, {count} complete repetition{'' if count == 1 else 's'}")


if __name__ == "__main__":
    sys.exit(main())
