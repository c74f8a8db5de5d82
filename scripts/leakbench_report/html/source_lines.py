"""Lines of source text for the places that a run names, as far as they can be read here."""

import re
import subprocess
import textwrap
from pathlib import Path

from leakbench_report.places import commit_of, path_of, place_of

PROJECT = Path(__file__).resolve().parents[3]
COMMIT = re.compile(r"[0-9a-f]{7,64}")
MOST_CHARACTERS = 200
AROUND = 2  # lines before and behind the one that is named
LARGEST = 4_000_000  # bytes of a file
SECONDS = 10
SHORT_COMMIT = 7


class SourceLines:
    """The source below `root`, at the commit of the run where git has it, else as it is now. A file
    outside of `root` is not read: a run folder from elsewhere must not make us read other files."""

    def __init__(self, root, commit):
        self.root = Path(root).resolve()
        self.commit = commit
        self.files = {}

    def lines(self, file, number):
        """Returns a line with its number, marked, between those around it; None where it is not
        known."""
        if file not in self.files:
            self.files[file] = (self.text_of(file) or "").splitlines()
        lines = self.files[file]
        if not 0 < number <= len(lines) or not lines[number - 1].strip():
            return None
        first = max(number - AROUND, 1)
        shown = lines[first - 1 : number + AROUND]
        shown = textwrap.dedent("\n".join(line.expandtabs(4) for line in shown)).split("\n")
        width = len(str(first + len(shown) - 1))
        return "\n".join(
            f"{'>' if place == number else ' '} {place:{width}}  {cut(text)}".rstrip()
            for place, text in enumerate(shown, start=first)
        )

    def text_of(self, file):
        """A file in the checkout of a commit is that commit's, whichever the run was built from."""
        commit = commit_of(file)
        if commit:
            return self.committed(path_of(file), commit) or self.present(file)
        return self.committed(file, self.commit) or self.present(file)

    def inner(self, file):
        """Returns the path of `file` relative to the root, None when it lies outside."""
        try:
            path = (self.root / file).resolve()
            return path.relative_to(self.root) if path.is_relative_to(self.root) else None
        except (OSError, ValueError, RuntimeError):
            return None

    def committed(self, file, commit):
        path = self.inner(file)
        if path is None or not COMMIT.fullmatch(commit or ""):
            return None
        command = ["git", "-C", self.root, "show", f"{commit}:./{path.as_posix()}"]
        try:
            shown = subprocess.run(
                command, capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return shown.stdout.decode("utf-8", "replace") if shown.returncode == 0 else None

    def present(self, file):
        path = self.inner(file)
        try:
            if path is None or (self.root / path).stat().st_size > LARGEST:
                return None
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except (OSError, ValueError):
            return None


def cut(text):
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def lines_of_sites(sites, source):
    """Returns (what, place, text) for each place that `sites` name and `source` can read: where
    tasks were started, and where they wait."""
    found = {}
    for site in sites:
        places = {"started at": site.report, "waiting at": site.report.get("waits_at")}
        for what, place in places.items():
            text = source.lines(place["file"], place["line"]) if place else None
            if text:
                found[what, titled(place), text] = None
    return list(found)


def titled(place):
    """Returns the place, with its commit where it is in a checkout: other checkouts have it, too."""
    commit = commit_of(place["file"])
    return f"{place_of(place)} of {commit[:SHORT_COMMIT]}" if commit else place_of(place)
