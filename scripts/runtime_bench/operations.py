"""What is measured, under which name, and what we want to reach.

The names are those of the Google Benchmarks without their BM_, and those of the Go peer
(runtime/benchmark/go), so that each pair stands for the same thing done twice.
"""

from dataclasses import dataclass

NANOSECONDS = "ns"
BYTES = "B"


@dataclass(frozen=True)
class Target:
    """`ours` is the most it may cost, `ratio` how many times cheaper than the peer it must be."""

    ours: float | None = None
    ratio: float | None = None

    def met(self, ours, ratio):
        """True or False; None when a figure that would decide was not measured."""
        verdicts = [
            None if value is None else good(value)
            for wanted, value, good in (
                (self.ours, ours, lambda value: value <= self.ours),
                (self.ratio, ratio, lambda value: value >= self.ratio),
            )
            if wanted is not None
        ]
        if False in verdicts:
            return False
        return None if None in verdicts else True


@dataclass(frozen=True)
class Operation:
    name: str
    title: str
    workers: int
    unit: str = NANOSECONDS
    target: Target | None = None
    peer: str | None = "go"
    most_peer_rounds: int | None = None  # for what takes the peer gigabytes
    registry: bool = False  # whether the registry has a part in it
    connections: int | None = None  # of HTTP operations

    @property
    def label(self):
        return f"{self.title}, {self.workers} worker{'' if self.workers == 1 else 's'}"


@dataclass(frozen=True)
class Kind:
    """An operation for any number of workers. Targets hold for one."""

    name: str
    title: str
    target: Target | None = None
    unit: str = NANOSECONDS
    peer: str | None = "go"
    most_peer_rounds: int | None = None
    registry: bool = False
    workers: tuple = (1, 2)


KINDS = (
    Kind(
        "StartAndFinishATask/tasks:10000",
        "start and finish a task, 10,000 at a time",
        Target(ours=30, ratio=10),
        registry=True,
    ),
    Kind(
        "StartAndFinishATask/tasks:1000000",
        "start and finish a task, 1,000,000 at a time",
        Target(ours=30, ratio=10),
        registry=True,
    ),
    Kind(
        "StartAndFinishATaskUncounted/tasks:10000",
        "the same without a wait group, 10,000",
        Target(ours=30),
        peer=None,
        registry=True,
    ),
    Kind(
        "StartAndFinishATaskUncounted/tasks:1000000",
        "the same without a wait group, 1,000,000",
        Target(ours=30),
        peer=None,
        registry=True,
    ),
    Kind(
        "FirstTasksOfAProcess/tasks:1000000",
        "cold: the first 1,000,000 of a process",
        registry=True,
    ),
    Kind("AwaitATask", "await a task", peer=None, registry=True),
    Kind(
        "MemoryOfATaskOnASharedContext/tasks:100000",
        "memory per task on a timer, one context",
        Target(ours=400),
        unit=BYTES,
        registry=True,
    ),
    Kind(
        "MemoryOfATaskOnAContextEach/tasks:100000",
        "memory per task on a timer, a context each",
        Target(ours=400),
        unit=BYTES,
        registry=True,
    ),
    Kind(
        "MemoryOfATaskOnATimeoutContextEach/tasks:100000",
        "memory per task on a with_timeout each",
        Target(ours=400),
        unit=BYTES,
        registry=True,
    ),
    Kind(
        "ParkAndCancelOnASharedContext/tasks:10000",
        "start, park, cancel, finish; one context",
        registry=True,
    ),
    Kind(
        "ParkAndCancelOnAContextEach/tasks:10000",
        "start, park, cancel, finish; a context each",
        registry=True,
    ),
    Kind("WithCancelAndCancel", "with_cancel + cancel", Target(ours=80)),
    Kind(
        "CancelChildren/children:10000",
        "cancel of 10,000 children, per child: flags",
        Target(ours=25),
    ),
    Kind(
        "CancelChildrenWithTasks/children:10000",
        "the same with a task on each, to its end",
        Target(ours=150),
        registry=True,
    ),
    Kind("WithTimeoutAndCancel", "with_timeout + cancel", Target(ours=120)),
    Kind("WithValue", "with_value"),
    Kind("ValueLookup/depth:10", "value lookup, depth 10"),
    Kind("ValueLookup/depth:100", "value lookup, depth 100", Target(ours=105)),
    Kind("WithCancelUnderValues/layers:100", "with_cancel + cancel under 100 values"),
    Kind("ErrOfALiveContext", "err() on a live context", Target(ours=2)),
    Kind("UnbufferedHandOff", "unbuffered channel hand-off", Target(ours=40), registry=True),
    Kind(
        "UnbufferedHandOffAcrossWorkers",
        "the same from one worker to the other",
        registry=True,
        workers=(2,),
    ),
    Kind("BufferedHandOff/capacity:128", "channel hand-off, buffer of 128", registry=True),
    Kind("SelectOfTwo", "select of two", Target(ours=60), registry=True),
    Kind("MutexLockAndUnlock", "mutex lock + unlock, uncontended"),
    Kind("Sleep/tasks:10000", "sleep: arm, park, fire, resume", registry=True),
    Kind(
        "ProfileOfLiveTasks/tasks:1000000",
        "profile of 1,000,000 live tasks by site",
        Target(ours=1_000_000),
        most_peer_rounds=1,
    ),
)

CONNECTIONS = (100, 1_000, 10_000)
HTTP_TARGETS = {("go", 10_000): Target(ratio=2)} | {
    ("nginx", connections): Target(ratio=1 / 1.3) for connections in CONNECTIONS
}


def micro_operations():
    """Every operation of the two benchmark programs: those for one worker first."""
    return [
        Operation(
            name=kind.name,
            title=kind.title,
            workers=workers,
            unit=kind.unit,
            target=kind.target if workers == 1 else None,
            peer=kind.peer,
            most_peer_rounds=kind.most_peer_rounds,
            registry=kind.registry,
        )
        for workers in (1, 2)
        for kind in KINDS
        if workers in kind.workers
    ]


def http_operations():
    """CPU of the server per request, against each peer."""
    return [
        Operation(
            name=f"HttpRequest/connections:{connections}",
            title=f"HTTP request, {connections:,} connections",
            workers=1,
            target=HTTP_TARGETS.get((peer, connections)),
            peer=peer,
            connections=connections,
        )
        for connections in CONNECTIONS
        for peer in ("go", "nginx")
    ]
