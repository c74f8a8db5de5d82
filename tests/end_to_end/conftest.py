"""The real binaries, run as a person would; LEAKBENCH_BIN_DIR says where they are."""

import json
import os
import pathlib
import socket
import subprocess
import time
from dataclasses import dataclass

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LEAKBENCH_BIN_DIR", SOURCE / "build/release/bin"))
LEAKBENCH = BIN / "leakbench"
SERVER = BIN / "leakbench-server"

# Quick, but with room between "outlives its request" and "never ends" on a busy machine.
JOB = "1500ms"
QUICK_SETTLE = {"longest_task": "{job-duration}", "margin": "1500ms", "linger_after": "500ms"}


@dataclass
class Finished:
    code: int
    out: str
    err: str
    cwd: pathlib.Path = pathlib.Path()

    @property
    def folder(self) -> pathlib.Path:
        lines = [line for line in self.out.splitlines() if line.startswith("results: ")]
        assert len(lines) == 1, self.out
        return self.cwd / lines[0].removeprefix("results: ")

    def load(self, name: str) -> dict:
        return json.loads((self.folder / name).read_text())


def write_manifest(folder: pathlib.Path, **changes) -> pathlib.Path:
    """Writes a quick variation of the orphaned-task manifest and gives its path."""
    data = json.loads((SOURCE / "scenarios/orphaned-task/scenario.json").read_text())
    data["options"] |= {"job-duration": JOB, "step": "50ms"}
    data["settle"] = QUICK_SETTLE
    data["load"] = {"connections": 200, "requests": 600, "warmup_requests": 50}
    data |= changes
    path = folder / "scenario.json"
    path.write_text(json.dumps(data))
    return path


@dataclass
class Target:
    """A leakbench-server that runs."""

    url: str
    pid: int


@pytest.fixture(scope="session")
def target():
    with socket.create_server(("127.0.0.1", 0)) as one:
        with socket.create_server(("127.0.0.1", 0)) as two:
            port, control = one.getsockname()[1], two.getsockname()[1]
    process = subprocess.Popen(
        [SERVER, "orphaned-task", "--variant", "with-context", "--port", str(port)]
        + ["--control-port", str(control)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def listens():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    eventually(listens)
    yield Target(f"http://127.0.0.1:{port}/", process.pid)
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def manifest(tmp_path):
    return lambda **changes: write_manifest(tmp_path, **changes)


@pytest.fixture
def start(tmp_path):
    """Starts leakbench; whatever still runs at the end of the test is killed."""
    running = []

    def start_leakbench(*words, **options) -> subprocess.Popen:
        process = subprocess.Popen(
            [str(LEAKBENCH), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=tmp_path,
            **options,
        )
        running.append(process)
        return process

    yield start_leakbench
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def leakbench(start, tmp_path):
    """Runs leakbench to its end."""

    def run(*words, **options) -> Finished:
        process = start(*words, **options)
        out, err = process.communicate(timeout=240)
        return Finished(process.returncode, out, err, tmp_path)

    return run


def eventually(condition, seconds: float = 30.0):
    """Waits, with a bound, until `condition` gives something true; gives that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError("the state did not come in time")


def is_running(pid: int) -> bool:
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def children_of(pid: int) -> list[int]:
    found = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def servers_of(pid: int) -> list[int]:
    """The children of a `leakbench run` but the idle process that it has beside its servers."""

    def is_idle(child):
        try:
            return b"\0heartbeat\0" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return True

    return [child for child in children_of(pid) if not is_idle(child)]


def one_line_error(finished: Finished) -> str:
    """The error message, after checking that it is one line and no stack trace."""
    lines = [line for line in finished.err.splitlines() if line.startswith("leakbench: ")]
    assert len(lines) == 1, finished.err
    assert "Traceback" not in finished.err and "terminate called" not in finished.err
    return lines[0]
