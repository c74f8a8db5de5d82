"""What is asked of our own client alone: memory that stays flat, and times that tell of a server
that stood still."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass

from leakbench_bench.processes import MeasurementError, need_descriptors_for
from load_bench.clients import leakbench_command, leakbench_report, memory_peak_in
from load_bench.running import RunningClient


@dataclass(frozen=True)
class FlatSample:
    early: int  # peak memory of the short load, bytes
    late: int  # of the long one

    @property
    def growth(self):
        return self.late / self.early


class FlatMemory:
    """A short load and one with five times as many requests, each with the end of it: what is used
    once all answers have come grows with neither."""

    CONNECTIONS = 10_000
    SHORT_REQUESTS = 1_000_000
    REQUESTS = 5_000_000

    def __init__(self, cores, binary):
        self._cores = cores
        self._binary = binary

    def measure(self, start, engine):
        need_descriptors_for(self.CONNECTIONS)
        return FlatSample(
            early=self._memory_peak(start, engine, self.SHORT_REQUESTS),
            late=self._memory_peak(start, engine, self.REQUESTS),
        )

    def _memory_peak(self, start, engine, requests):
        with start(["taskset", "-c", str(self._cores.server)]) as server:
            command = leakbench_command(
                self._binary, engine, self.CONNECTIONS, server.url, "--requests", requests
            )
            with RunningClient(command, self._cores.client) as running:
                finished = running.finish()
        report = leakbench_report(finished.output, engine)
        if report["requests"]["ok"] != requests:
            raise MeasurementError(f"{report['requests']['ok']} requests, not {requests}")
        return max(finished.memory_peak, memory_peak_in(report))


@dataclass(frozen=True)
class FrozenSample:
    """Nanoseconds."""

    response_p99: float
    service_p99: float
    ideal_p99: float  # of response times, had nothing else been late


class FrozenServer:
    """A constant rate on a server that stands still for a second in the middle.

    Few connections and many requests: the answers that are under way when the server stops are
    fewer than one in a hundred, so that the 99th percentile of service time has none of them.
    """

    CONNECTIONS = 100
    RATE = 4_000
    SECONDS = 5
    STOP_AFTER = 2
    STOP_SECONDS = 1

    def __init__(self, cores, binary):
        self._cores = cores
        self._binary = binary

    def measure(self, start, engine):
        with start(["taskset", "-c", str(self._cores.server)]) as server:
            command = leakbench_command(
                self._binary,
                engine,
                self.CONNECTIONS,
                server.url,
                "--rate",
                self.RATE,
                "--duration",
                f"{self.SECONDS}s",
            )
            with RunningClient(command, self._cores.client) as running:
                running.wait_until_connected()
                time.sleep(self.STOP_AFTER)
                with stopped(server.pid) as stop:
                    time.sleep(self.STOP_SECONDS)
                finished = running.finish()
        report = leakbench_report(finished.output, engine)
        if report["schedule"]["unsent"]:
            raise MeasurementError(f"{report['schedule']['unsent']} requests never sent")
        return FrozenSample(
            response_p99=report["response_time_ns"]["p99"],
            service_p99=report["service_time_ns"]["p99"],
            ideal_p99=ideal_p99(stop.seconds, self.SECONDS) * 1e9,
        )


def ideal_p99(stop_seconds, load_seconds):
    """Of response times at a constant rate, all of them 0 but for the requests that are due while
    the server stands still: these wait for as long as it still does, evenly spread from all of
    that time down to 0. Of all requests the hundredth part that waits longest was due within the
    hundredth part of the load behind the stop."""
    return max(0.0, stop_seconds - load_seconds / 100)


@dataclass
class Stop:
    seconds: float | None = None


@contextlib.contextmanager
def stopped(pid):
    """The process stands still for the length of the block."""
    stop = Stop()
    began = time.monotonic()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield stop
    finally:
        os.kill(pid, signal.SIGCONT)
        stop.seconds = time.monotonic() - began
