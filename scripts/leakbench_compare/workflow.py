"""What the scripts that a workflow of GitHub Actions calls have in common: settings come in through
the environment, and files named there take the results."""

import argparse
import contextlib
import os
import re
import shlex
import subprocess
import sys

from leakbench_report.errors import ReportError

from leakbench_compare import command_line


def setting(name, default=""):
    return os.environ.get(f"LEAKBENCH_{name}", "").strip() or default


def is_set(name):
    """Whether a setting is true; GitHub gives every input as text."""
    text = setting(name, "false")
    if text not in ("true", "false"):
        raise ReportError(f"LEAKBENCH_{name} is '{text}': it takes true or false")
    return text == "true"


def check_settings():
    """Refuses numbers that are none before anything is installed, built or measured."""
    for name, check in (("PAIRS", command_line.pairs), ("BUDGET", command_line.budget)):
        if text := setting(name):
            try:
                check(text)
            except argparse.ArgumentTypeError as error:
                raise ReportError(f"LEAKBENCH_{name}: {error}") from error


def leakbench_options():
    """The options of leakbench run."""
    try:
        return shlex.split(setting("OPTIONS"))
    except ValueError as error:
        raise ReportError(f"LEAKBENCH_OPTIONS is not quoted as for a shell: {error}") from error


LAST_LINES = 8
PROGRESS = re.compile(r"\[\d+/\d+\] |warning: |\S+: note: ")


@contextlib.contextmanager
def kept(file):
    """What a command's stderr goes to so that it is in `file`, too; at a desk, where nobody reads a
    summary, it stays what it is, which may be a terminal."""
    if "GITHUB_STEP_SUMMARY" not in os.environ:
        yield None
        return
    # -i: Ctrl-C is for the command, whose last words it still has to pass on.
    tee = subprocess.Popen(["tee", "-i", str(file)], stdin=subprocess.PIPE, stdout=sys.stderr)
    try:
        yield tee.stdin
    finally:
        tee.stdin.close()
        # What the command left behind may hold the other end open.
        with contextlib.suppress(subprocess.TimeoutExpired):
            tee.wait(timeout=5)
        tee.kill()


def not_measured(title, code, log):
    """The summary of a step that has nothing to show but why."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    # Indented it is code, whatever it holds.
    said = ["    " + line.expandtabs() for line in lines if not PROGRESS.match(line)][-LAST_LINES:]
    more = "the log of this step says why" + (", at its end:" if said else ".")
    return "\n".join([f"### {title}", "", f"Exit code {code}; {more}", "", *said]).rstrip() + "\n"


def give_back(text, /, **outputs):
    """Appends to the summary of the job and to the outputs of the step."""
    append("GITHUB_STEP_SUMMARY", text)
    lines = (f"{name.replace('_', '-')}={value}\n" for name, value in outputs.items())
    append("GITHUB_OUTPUT", "".join(lines))


def append(variable, text):
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
