"""One run of both builds, its comparison, and the exit code of the two."""

import subprocess
import sys
from pathlib import Path

from leakbench_report.errors import (
    EXIT_INCOMPLETE,
    EXIT_INCONCLUSIVE,
    EXIT_NOT_COMPARABLE,
    EXIT_OK,
    EXIT_REGRESSION,
    EXIT_UNEXPECTED_VERDICT,
)
from leakbench_report.json_files import read_document

from leakbench_compare.branches.processes import note, run
from leakbench_compare.leaks import unexpected_arms

COMPARE = Path(__file__).resolve().parents[2] / "compare.py"
# Of several reasons to fail the first is the exit code.
GRAVEST_FIRST = (
    EXIT_REGRESSION,
    EXIT_NOT_COMPARABLE,
    EXIT_INCOMPLETE,
    EXIT_UNEXPECTED_VERDICT,
    EXIT_INCONCLUSIVE,
)
RESULTS = "results: "


def measure(leakbench, scenario, builds, options):
    """Returns leakbench's exit code and the run folder, None when there is none."""
    arms = [word for name, folder in builds.items() for word in ("--arm", f"{name}={folder}")]
    command = [str(leakbench), "run", scenario, *arms, *options]
    code, out = run(command, stdout=subprocess.PIPE, encoding="utf-8", errors="replace")
    folders = [line.removeprefix(RESULTS) for line in out.splitlines() if line.startswith(RESULTS)]
    return code, Path(folders[-1]) if folders else None


def compare(folder, options):
    """compare.py's exit code; its table goes to stdout."""
    code, _ = run([sys.executable, str(COMPARE), str(folder), *options])
    return code


def exit_code(leakbench_code, compare_code, folder):
    """Of both together. What leakbench says of the base's verdicts is not held against the head: a
    head that mends a leak of its base is what everybody waits for."""
    codes = {compare_code, leakbench_code}
    if EXIT_UNEXPECTED_VERDICT in codes:
        codes.remove(EXIT_UNEXPECTED_VERDICT)
        for arm in unexpected(folder):
            verdict = arm["verdict"]
            note(f"{arm['name']} is {verdict['class']}, expected {verdict['expected']}")
            if arm["name"].endswith("@head"):
                codes.add(EXIT_UNEXPECTED_VERDICT)
    others = codes - {EXIT_OK, *GRAVEST_FIRST}
    return max(others, default=next((code for code in GRAVEST_FIRST if code in codes), EXIT_OK))


def unexpected(folder):
    """The arms with a verdict that nobody expected."""
    return unexpected_arms(read_document(folder / "summary.json", "summary"))
