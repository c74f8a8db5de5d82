"""The history of nights on a branch of its own, which has one file and no commit of the project."""

import os
import tempfile
from pathlib import Path

from leakbench_report.errors import ReportError

from leakbench_compare.branches.checkouts import Repository

REMOTE, FILE = "origin", "index.jsonl"
NO_SUCH_BRANCH = 2  # of git ls-remote --exit-code
WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "leakbench"), ("EMAIL", "leakbench@localhost"))
}


class HistoryBranch:
    def __init__(self, name, results):
        self.name, self.repository, self.commit = name, Repository(Path.cwd(), results), None

    def fetch(self, file):
        """Makes `file` what the branch holds; removes it where there is no such branch yet."""
        file.unlink(missing_ok=True)
        words = ("ls-remote", "--exit-code", REMOTE, f"refs/heads/{self.name}")
        found = self.repository.attempt(*words)
        if found.returncode == NO_SUCH_BRANCH:
            return
        if found.returncode != 0:
            self.repository.git(*words)  # says why
        self.repository.git("fetch", "--quiet", REMOTE, f"refs/heads/{self.name}")
        self.commit = self.repository.git("rev-parse", "FETCH_HEAD")
        text = self.repository.git("show", f"{self.commit}:{FILE}")
        file.write_text(f"{text}\n" if text else "", encoding="utf-8")

    def push(self, file, message):
        """Puts `file` on the branch. A push of somebody else in between is not overwritten."""
        git = self.repository.git
        blob = git("hash-object", "-w", str(file))
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
            git("update-index", "--add", "--cacheinfo", f"100644,{blob},{FILE}", **index)
            tree = git("write-tree", **index)
        parent = ("-p", self.commit) if self.commit else ()
        commit = git("commit-tree", tree, *parent, "-m", message, **WHO)
        target = f"{commit}:refs/heads/{self.name}"
        done = self.repository.attempt("push", "--quiet", REMOTE, target)
        if done.returncode != 0:
            raise ReportError(
                f"cannot push the history to {self.name} of {REMOTE}, which takes a token with "
                f"contents: write, and nobody who pushed meanwhile: {done.stderr.strip()}",
                1,
            )
