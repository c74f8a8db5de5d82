"""One client against one fresh server: requests per second, and CPU of both per request."""

import os
from dataclasses import dataclass

from leakbench_bench.processes import MeasurementError, cpu_seconds, need_descriptors_for
from load_bench.core_times import read_core_times
from load_bench.running import RunningClient


@dataclass(frozen=True)
class Cores:
    """Where the two run: apart, unless there is one core only."""

    server: int
    client: int

    @classmethod
    def of_this_process(cls):
        allowed = sorted(os.sched_getaffinity(0))
        return cls(allowed[0], allowed[min(1, len(allowed) - 1)])

    @property
    def are_apart(self):
        return self.server != self.client

    @property
    def all(self):
        return sorted({self.server, self.client})


@dataclass(frozen=True)
class Sample:
    """Of requests alone: what a longer load took more than a shorter one."""

    rps: float
    client_cpu_ns: float  # per request
    server_cpu_ns: float
    client_share: float  # of its core that it used
    server_share: float
    # Of the longer load:
    rps_with_connecting: float  # as the client counts it
    memory_peak: int  # of the client, bytes
    connected_ns: float | None  # from the client's start to its last connection; None: not said
    foreign_share: float  # of the cores, used by neither


@dataclass(frozen=True)
class Part:
    """One load."""

    requests: int
    seconds: float
    client_cpu: float
    server_cpu: float
    memory_peak: int
    connected_seconds: float | None
    foreign_share: float


class Load:
    """Opening ten thousand connections costs as much as ten thousand requests or more, and most
    clients open them while their clock runs. So each has two loads, a short and a long one, and
    what the long one took more is for its requests alone.

    Each load has a fresh server, with a port of its own: for a second after the connections of one
    have ended, the kernel searches long for local ports from which to open others to the same.
    """

    def __init__(self, cores, short_seconds, long_seconds):
        self.cores = cores
        self.short_seconds = short_seconds
        self.long_seconds = long_seconds

    def measure(self, start, client, connections):
        """For `start` see leakbench_bench.servers."""
        need_descriptors_for(connections)
        parts = []
        for seconds in (self.short_seconds, self.long_seconds):
            with start(["taskset", "-c", str(self.cores.server)]) as server:
                parts.append(self._load(server, client, connections, seconds))
        return difference(*parts)

    def _load(self, server, client, connections, seconds):
        cores_before, cpu_before = read_core_times(self.cores.all), cpu_seconds(server.pid)
        command = client.command(server.url, connections, seconds)
        with RunningClient(command, self.cores.client) as running:
            finished = running.finish()
            connected = running.connected_after
        server_cpu = cpu_seconds(server.pid) - cpu_before
        cores = read_core_times(self.cores.all) - cores_before
        requests, clock = client.answered(finished.output)
        return Part(
            requests=requests,
            seconds=clock,
            client_cpu=finished.cpu_seconds,
            server_cpu=server_cpu,
            memory_peak=max(finished.memory_peak, client.memory_peak(finished.output)),
            connected_seconds=connected,
            foreign_share=cores.share_of_others(finished.cpu_seconds + server_cpu),
        )


def difference(short, long):
    requests, seconds = long.requests - short.requests, long.seconds - short.seconds
    client_cpu, server_cpu = long.client_cpu - short.client_cpu, long.server_cpu - short.server_cpu
    if min(requests, seconds, client_cpu, server_cpu) <= 0:
        raise MeasurementError(
            f"{long.requests} requests in the long load, {short.requests} in the short: "
            "is the machine busy?"
        )
    return Sample(
        rps=requests / seconds,
        client_cpu_ns=client_cpu / requests * 1e9,
        server_cpu_ns=server_cpu / requests * 1e9,
        client_share=client_cpu / seconds,
        server_share=server_cpu / seconds,
        rps_with_connecting=long.requests / long.seconds,
        memory_peak=long.memory_peak,
        connected_ns=None if long.connected_seconds is None else long.connected_seconds * 1e9,
        foreign_share=long.foreign_share,
    )
