"""What the commands take and refuse before anything is built or measured, which takes minutes.
Needs no module that this Python may not have."""

import argparse
import re
import tempfile

from leakbench_report.errors import ReportError

TIME = re.compile(r"([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")


class Parser(argparse.ArgumentParser):
    """Refuses a call in one line, as every command of leakbench does."""

    def __init__(self, **options):
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def pairs(text):
    """`text`, when `leakbench run --pairs` takes it."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1 on")
    return text


def budget(text):
    """`text`, when `leakbench run --budget` takes it."""
    if not text or TIME.sub("", text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a time such as 300s or 10m")
    return text


def prepare_folder(folder, stale=()):
    """Makes `folder`, in which files can be made, without the files `stale`: what an earlier run
    left must not pass for this one's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in stale:
            file.unlink(missing_ok=True)
        # Only this tells, also where everything is allowed, as to root in /proc.
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ReportError(f"cannot write to the folder {folder}: {error.strerror}") from error


def require_writable(file):
    """Refuses a file that cannot be written; leaves what is there as it is."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        return  # A pipe or a terminal, of which opening may have an effect.
    try:
        is_new = not file.exists()
        file.open("a", encoding="utf-8").close()
        if is_new:
            file.unlink()
    except OSError as error:
        raise ReportError(f"cannot write {file}: {error.strerror}") from error
