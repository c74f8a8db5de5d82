"""Child processes that get each signal once, and are never left behind."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from leakbench_report.errors import ReportError

FORWARDED = (signal.SIGINT, signal.SIGTERM)
LAST_LINES = 20


class Interrupted(BaseException):
    """By the signal `number`, after the child has ended. Not an Exception: nothing on the way takes
    it for a failure of its own."""

    def __init__(self, number):
        super().__init__(number)
        self.exit_code = 128 + number


def note(text):
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)


def run(command, **options):
    """Runs a command to its end and returns its exit code and, with stdout=PIPE, what it printed.
    Every signal is passed on to it, and raises Interrupted once it has ended."""
    seen = []
    # A process group of its own keeps the terminal's Ctrl-C from arriving twice, and lets a signal
    # reach what a shell or a build tool has started.
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0, **options)
    except OSError as error:
        raise ReportError(f"cannot run {command[0]}: {error.strerror}") from error

    def forward(number, _frame):
        seen.append(number)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)

    before = {number: signal.signal(number, forward) for number in FORWARDED}
    try:
        out, _ = process.communicate()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if seen:
        # What a shell put into the background ignores SIGINT.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        raise Interrupted(seen[0])
    return process.returncode, out


def run_logged(title, command, log, **options):
    """Runs a command with its output in the file `log`. When it fails, shows the end of that and
    raises ReportError with exit code 1."""
    with log.open("w", encoding="utf-8") as file:
        code, _ = run(command, stdout=file, stderr=subprocess.STDOUT, **options)
    if code != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-LAST_LINES:]), file=sys.stderr)
        raise ReportError(f"{title} failed with exit code {code}; the above is the end of {log}", 1)
