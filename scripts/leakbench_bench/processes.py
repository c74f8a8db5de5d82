"""Processes that are measured, and what the kernel says of them."""

import contextlib
import os
import resource
import subprocess
from pathlib import Path

LONGEST_SECONDS = 600
SPARE_DESCRIPTORS = 100


class MeasurementError(Exception):
    """Why something has no figure, in one line."""


def output_of(command):
    """What a command writes to stdout. MeasurementError when it fails or does not end."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise MeasurementError(f"did not end within {LONGEST_SECONDS} s") from error
    except OSError as error:
        raise MeasurementError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise MeasurementError(describe_exit(done.returncode, done.stderr))
    return done.stdout


def describe_exit(code, errors):
    """How a process ended, and the last line of what it wrote to stderr."""
    words = errors.strip().splitlines()
    said = f": {words[-1]}" if words else ""
    return f"{f'ended by signal {-code}' if code < 0 else f'exit code {code}'}{said}"


@contextlib.contextmanager
def serving(command, **options):
    """A process that is gone when the block ends."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def raise_descriptor_limit():
    """As far as it goes for this process and its children; returns how far."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return 2**31 if hard == resource.RLIM_INFINITY else hard


def need_descriptors_for(connections):
    needed = connections + SPARE_DESCRIPTORS
    limit = raise_descriptor_limit()
    if limit < needed:
        raise MeasurementError(f"needs {needed} descriptors, the limit is {limit}: raise it")


def cpu_seconds(pid):
    """User and system time so far, to a hundredth of a second."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError as error:
        raise MeasurementError(f"the server ended: {error.strerror}") from error
    return cpu_ticks(stat) / os.sysconf("SC_CLK_TCK")


def cpu_ticks(stat):
    """utime + stime of a line of /proc/PID/stat; the name before them may hold anything."""
    fields = stat[stat.rindex(")") + 2 :].split()
    return int(fields[11]) + int(fields[12])
