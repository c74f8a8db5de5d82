"""The two that run programs: ours, and Go's."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from programs import Operation, text_of

LEAST_GO = (1, 21)  # for causes of deadlines, WithoutCancel and AfterFunc
GO_SOURCE = Path(__file__).resolve().parent / "go"


class NoGo(Exception):
    """No Go that would do; says why."""


class Broken(Exception):
    """The test itself cannot run; says why."""


class Interpreter:
    """A command that reads a file of programs and writes one of observations."""

    def __init__(self, name, command):
        self.name = name
        self.command = command

    def check(self):
        """Broken if it does not answer the shortest program, which no error of ours can spoil."""
        answer = self.observe([[Operation("observe")]])[0]
        if not answer.startswith("> observe\n"):
            given = " ".join(answer.split())
            raise Broken(f"{self.command[0]} is no interpreter; instead of observations: {given}")

    def observe(self, programs):
        """What each program shows. One that crashes or hangs the command shows its last words."""
        with tempfile.TemporaryDirectory(prefix="leakbench-differential-") as folder:
            result = self._run(programs, Path(folder))
        if isinstance(result, list):
            return result
        if len(programs) == 1:
            return [result]
        half = len(programs) // 2  # only one of them is to blame: look for it
        return self.observe(programs[:half]) + self.observe(programs[half:])

    def _run(self, programs, folder):
        source, target = folder / "programs", folder / "observations"
        source.write_text("".join(text_of(program) + "\n" for program in programs))
        try:
            done = subprocess.run(
                [*map(str, self.command), source, target],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=60 + 0.05 * len(programs),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "did not end in time"
        except OSError as error:
            return f"cannot be run: {error.strerror}"
        # Under its fake time Go puts a header before all that it prints.
        words = re.sub(rb"\0\0PB.{12}", b"", done.stdout, flags=re.DOTALL)
        printed = words.decode(errors="replace").strip()[-2000:] or "nothing"
        if done.returncode != 0 or not target.exists():
            return f"exit code {done.returncode}, printed: {printed}"
        observations = target.read_text(errors="replace").split("\n\n")[:-1]
        if len(observations) != len(programs):
            return f"answered {len(observations)} of {len(programs)} programs"
        return observations


def find_go():
    """The path and version of a Go that will do. NoGo if there is none."""
    needed = ".".join(map(str, LEAST_GO))
    path = shutil.which("go")
    if path is None:
        raise NoGo(f"needs Go {needed} or newer to compare with, and no `go` is on PATH")
    done = subprocess.run(
        [path, "env", "GOVERSION"],
        capture_output=True,
        text=True,
        env=_go_environment(),
        cwd="/",
        check=False,
    )
    version = done.stdout.strip()
    numbers = re.match(r"(?:devel )?go(\d+)\.(\d+)", version)
    if numbers is None:
        raise NoGo(f"needs Go {needed} or newer to compare with; {path} tells no version")
    if tuple(map(int, numbers.groups())) < LEAST_GO:
        raise NoGo(f"needs Go {needed} or newer to compare with; {path} is {version}")
    return path, version


def build_go(go, version, folder):
    """Builds Go's interpreter into `folder`."""
    binary = Path(folder).resolve() / "go_context_interpreter"
    # -l, nothing inlined: with a cold build cache most of the test's time is this build, and so it
    # takes a third less.
    done = subprocess.run(
        [go, "build", "-tags=faketime", "-gcflags=all=-l", "-buildvcs=false", "-o", binary, "."],
        capture_output=True,
        text=True,
        env=_go_environment(),
        cwd=GO_SOURCE,
        check=False,
    )
    if done.returncode != 0:
        raise Broken(f"{version} did not build {GO_SOURCE}: {done.stderr.strip()}")
    return Interpreter(version, [binary])


def _go_environment():
    """As the user has it, but nothing is downloaded and no setting of another project is used."""
    ours = {"GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    return {**os.environ, **ours}
