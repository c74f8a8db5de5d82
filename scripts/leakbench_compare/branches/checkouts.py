"""Commits of a git repository in worktrees of their own, kept for the next comparison."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from leakbench_report.errors import ReportError

from leakbench_compare.branches.processes import note, run_logged
from leakbench_compare.command_line import prepare_folder

HERE = "."  # the working tree as it is, changes that are not committed included
# Of the same tree it makes the same commit, so that its build is found again.
SNAPSHOT = {
    "GIT_AUTHOR_NAME": "leakbench",
    "GIT_AUTHOR_EMAIL": "leakbench@localhost",
    "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "leakbench",
    "GIT_COMMITTER_EMAIL": "leakbench@localhost",
    "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
}
KEPT = 6  # worktrees
SHORT = 12  # characters of a commit's name


class Repository:
    """The git repository that holds the folder `start`. What is in the folder `results` is no part
    of its working tree: each comparison adds to it."""

    def __init__(self, start, results):
        self.root = start
        found = self.try_git("rev-parse", "--show-toplevel")
        if found is None:
            raise ReportError(
                f"{start} is not in a git repository: call this in the one that is to be compared"
            )
        self.root = Path(found)
        self.cache = self.root / "build" / "compare"
        self.results = results.absolute()

    def command(self, *words):
        # In a container the checkout often belongs to another user, which git refuses otherwise.
        return ["git", "-c", "safe.directory=*", "-C", str(self.root), *words]

    def attempt(self, *words, **environment):
        return subprocess.run(
            self.command(*words),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **environment},
            check=False,
        )

    def try_git(self, *words):
        """What git prints, or None when it fails."""
        done = self.attempt(*words)
        return done.stdout.strip() if done.returncode == 0 else None

    def git(self, *words, **environment):
        done = self.attempt(*words, **environment)
        if done.returncode != 0:
            raise ReportError(f"git {' '.join(words)}: {reason_in(done.stderr)}")
        return done.stdout.strip()

    @property
    def is_shallow(self):
        return self.try_git("rev-parse", "--is-shallow-repository") == "true"

    def commit_of(self, name):
        """The commit that a branch, tag or commit's name, or HERE, stands for."""
        if name == HERE:
            return self.snapshot()
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
        found = self.try_git(*words, f"{name}^{{commit}}")
        if found is None:
            # As git checkout does: what a workflow has cloned has one branch, and all of origin's.
            found = self.try_git(*words, f"refs/remotes/origin/{name}^{{commit}}")
        if found is None and self.is_shallow:
            raise ReportError(f"{self.root} has no {name}, and is a shallow clone{UNSHALLOW}")
        if found is None:
            raise ReportError(
                f"{self.root} has no commit {name}: fetch it (git fetch origin), or give another "
                f"branch, tag or commit, or {HERE} for the working tree"
            )
        return found

    def snapshot(self):
        """A commit of the working tree as it is: HEAD, where nothing is changed."""
        head = self.commit_of("HEAD")
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / "index"
            # A copy knows the time of each file, so that only what changed is read.
            with contextlib.suppress(FileNotFoundError):
                shutil.copy2(self.root / self.git("rev-parse", "--git-path", "index"), index)
            words = ["--all", "--", ".", *self.without_results()]
            self.git("add", *words, GIT_INDEX_FILE=str(index))
            tree = self.git("write-tree", GIT_INDEX_FILE=str(index))
        if tree == self.git("rev-parse", f"{head}^{{tree}}"):
            return head
        words = ("commit-tree", tree, "-p", head, "-m", "The working tree, not committed")
        return self.git(*words, **SNAPSHOT)

    def without_results(self):
        """What keeps git add from the results. What is ignored it leaves out anyway, and fails
        where even an exclusion names it."""
        if not self.results.is_relative_to(self.root) or self.results == self.root:
            return []
        name = str(self.results.relative_to(self.root))
        if self.attempt("check-ignore", "--quiet", "--", name).returncode == 0:
            return []
        return [f":(exclude,literal){name}"]

    def merge_base(self, base, head):
        """The commit that `head` branched off from `base`."""
        found = self.try_git("merge-base", base, head)
        if found is None:
            names = f"{base[:SHORT]} and {head[:SHORT]}"
            if self.is_shallow:
                raise ReportError(
                    f"{names} have no common commit in this clone, which is shallow{UNSHALLOW}"
                )
            raise ReportError(f"{names} have no common commit: they are not of one history")
        return found

    def describe(self, commit):
        return f"{commit[:SHORT]} ({self.git('log', '-1', '--format=%s', commit)})"

    def checkout(self, commit):
        """The folder with the files of `commit`, made when it is not there."""
        folder = self.cache / commit
        if self.is_whole(folder, commit):
            return folder
        self.remove(folder)
        log = self.cache / f"{commit}.checkout.log"
        words = ("worktree", "add", "--force", "--detach", str(folder), commit)
        run_logged(f"git worktree add of {commit[:SHORT]}", self.command(*words), log)
        log.unlink()
        return folder

    def is_whole(self, folder, commit):
        """Whether `folder` is a worktree of `commit`, not one that was interrupted or changed."""
        if not (folder / ".git").exists():
            return False
        git = ("git", "-c", "safe.directory=*", "-C", str(folder))
        status = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        found = subprocess.run(
            [*git, "rev-parse", "HEAD"], capture_output=True, encoding="utf-8", check=False
        )
        return (status.returncode, status.stdout, found.stdout.strip()) == (0, "", commit)

    def remove(self, folder):
        if folder.exists():
            self.attempt("worktree", "remove", "--force", "--force", str(folder))
            shutil.rmtree(folder, ignore_errors=True)
        self.attempt("worktree", "prune")
        stamp_of(folder).unlink(missing_ok=True)

    def forget_old(self, in_use):
        """Removes the worktrees that were not used for the longest time."""
        stamps = sorted(self.cache.glob("*.built"), key=lambda path: path.stat().st_mtime)
        for stamp in stamps[:-KEPT]:
            folder = stamp.with_suffix("")
            if folder not in in_use:
                note(f"removing the build of {folder.name[:SHORT]}: {KEPT} newer ones are kept")
                self.remove(folder)

    @contextlib.contextmanager
    def lock(self):
        """One process at a time puts worktrees into the cache and builds there."""
        prepare_folder(self.cache)
        # What is in the cache is no part of the repository, whatever its own .gitignore says.
        (self.cache / ".gitignore").write_text("*\n", encoding="utf-8")
        with (self.cache / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                note(f"waiting for another one that builds in {self.cache}")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield


UNSHALLOW = ": run git fetch --unshallow, or check it out with fetch-depth: 0"


def reason_in(said):
    """Why git failed, out of what it said: its first error, or all of it but the hints."""
    lines = [line for line in said.splitlines() if line and not line.startswith("hint:")]
    errors = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return errors[0] if errors else " ".join(lines) or "no reason given"


def stamp_of(folder):
    """The file beside a worktree that says how it was built, once it is."""
    return folder.with_name(f"{folder.name}.built")
