"""Three servers that answer with two bytes, and wrk: CPU of the server per request."""

import os
import time

from leakbench_bench import wrk
from leakbench_bench.processes import (
    MeasurementError,
    cpu_seconds,
    need_descriptors_for,
    output_of,
)
from runtime_bench.results import Sample


class Load:
    """wrk on the second core, servers on the first.

    Opening ten thousand connections costs a server as much as ten thousand requests or more, and
    wrk opens them while its clock runs. So the same server gets two loads, a short and a long one,
    and what the long one took more is for its requests alone.
    """

    def __init__(self, warm_up_seconds, short_seconds, long_seconds):
        self.warm_up_seconds = warm_up_seconds
        self.short_seconds = short_seconds
        self.long_seconds = long_seconds
        self.server_core, self.wrk_core = sorted(os.sched_getaffinity(0))[:2]

    def measure(self, start, connections):
        """One fresh server: for `start` see leakbench_bench.servers."""
        need_descriptors_for(connections)
        with start(["taskset", "-c", str(self.server_core)]) as server:
            self._load(server, connections, self.warm_up_seconds)
            short = self._load(server, connections, self.short_seconds)
            long = self._load(server, connections, self.long_seconds)
        return difference_per_request(short, long)

    def _load(self, server, connections, seconds):
        """Requests answered, the server's CPU seconds for them, and wall seconds."""
        cpu, began = cpu_seconds(server.pid), time.monotonic()
        pinned = ["taskset", "-c", self.wrk_core]
        output = output_of(pinned + wrk.command(server.url, connections, seconds))
        requests, _ = wrk.answered(output)
        return requests, cpu_seconds(server.pid) - cpu, time.monotonic() - began


def difference_per_request(short, long):
    requests, cpu, wall = (more - less for less, more in zip(short, long))
    if requests <= 0 or cpu <= 0:
        raise MeasurementError(
            f"{long[0]} requests in the long load, {short[0]} in the short: is the machine busy?"
        )
    return Sample(cpu / requests * 1e9, wall / requests * 1e9)
