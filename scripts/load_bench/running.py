"""One client at work: what it prints, and what it takes to do so."""

import os
import re
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from leakbench_bench.processes import LONGEST_SECONDS, MeasurementError, describe_exit
from load_bench.clients import CONNECTED_LINE

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Finished:
    output: str
    cpu_seconds: float  # user and system, of the whole process
    memory_peak: int  # bytes


class RunningClient:
    """A context manager: the client is gone when the block ends."""

    def __init__(self, command, core):
        self._command = ["taskset", "-c", str(core), *map(str, command)]
        self._errors = []
        self._connected = threading.Event()
        self._memory_peak = None

    def __enter__(self):
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._began = time.monotonic()
        self._connected_at = None
        self._process = subprocess.Popen(
            self._command,
            stdout=self._output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_):
        if self._process.returncode is None:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stderr.close()
        self._output.close()

    def _read_errors(self):
        for line in self._process.stderr:
            if line.startswith(CONNECTED_LINE) and self._connected_at is None:
                self._connected_at = time.monotonic()
                self._connected.set()
            else:
                self._errors.append(line)
        self._connected.set()  # nobody is to wait for what cannot come any more

    @property
    def connected_after(self):
        """Seconds from its start until it said that its connections were open; None if it did
        not."""
        return None if self._connected_at is None else self._connected_at - self._began

    def wait_until_connected(self):
        self._connected.wait(LONGEST_SECONDS)
        if self._connected_at is None:
            self._wait_for_its_end()
            raise MeasurementError("did not say that its connections were open")

    def is_running(self):
        """Leaves its end, if that has come, to finish()."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def memory_peak(self):
        """Bytes, so far. Not the ru_maxrss of its end, which is at least what this process, that
        it was forked from, had."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        except OSError:
            status = ""
        found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
        if found:  # only grows; and before taskset has become the client, it is of taskset
            self._memory_peak = int(found[1]) * 1024
        return self._memory_peak

    def finish(self):
        """Waits for its end. MeasurementError when it fails or does not end."""
        usage = self._wait_for_its_end()
        if self._memory_peak is None:
            raise MeasurementError("ended before its memory could be looked at")
        self._output.seek(0)
        cpu_seconds = usage.ru_utime + usage.ru_stime
        return Finished(self._output.read(), cpu_seconds, self._memory_peak)

    def _wait_for_its_end(self):
        deadline = time.monotonic() + LONGEST_SECONDS
        while True:
            self.memory_peak()
            pid, status, usage = os.wait4(self._process.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > deadline:
                raise MeasurementError(f"did not end within {LONGEST_SECONDS} s")
            time.sleep(POLL_SECONDS)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._reader.join()
        if self._process.returncode != 0:
            raise MeasurementError(describe_exit(self._process.returncode, "".join(self._errors)))
        return usage
