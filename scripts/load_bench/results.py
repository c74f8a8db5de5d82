"""From samples to figures, and which of them are to be reached."""

from dataclasses import dataclass, field

from leakbench_bench.figures import median, quotient
from load_bench.checks import FlatMemory, FrozenServer
from load_bench.clients import ENGINES, Client

SCHEMA = "leakbench/load-benchmark"
SCHEMA_VERSION = "1.0.0"

CONNECTIONS = (100, 1_000, 10_000)
FEW, MANY = CONNECTIONS[0], CONNECTIONS[-1]
REFERENCE = "wrk"

# Requests per second over those of wrk, of the same number of connections.
LEAST_OVER_WRK = {(connections, engine): 1.0 for connections in CONNECTIONS for engine in ENGINES}
LEAST_OVER_WRK |= {(MANY, "epoll"): 1.5, (MANY, "io_uring"): 1.9}
MOST_CPU_OVER_FEW = 1.25
MOST_MEMORY = 16_000_000  # bytes
MOST_CONNECTING = 1e9  # nanoseconds
MOST_GROWTH = 1.05
RESPONSE_P99 = (900e6, 1000e6)  # nanoseconds

FULL_SHARE = 0.95  # of a core, from which on it is what limits the load

TIMES, BYTES, NANOSECONDS = "x", "B", "ns"


@dataclass(frozen=True)
class LoadOperation:
    """All clients, one after the other, at one target."""

    target: str  # "responder", "nginx"
    connections: int

    @property
    def name(self):
        return f"Requests/target:{self.target}/connections:{self.connections}"

    @property
    def title(self):
        with_target = "" if self.target == "responder" else f", {self.target}"
        return f"{self.connections:,} connections{with_target}"


@dataclass(frozen=True)
class CheckOperation:
    """Our own client alone."""

    name: str
    title: str


FLAT_MEMORY = CheckOperation(
    "FlatMemory",
    f"memory over {FlatMemory.REQUESTS:,} requests, {FlatMemory.CONNECTIONS:,} connections",
)
FROZEN_SERVER = CheckOperation(
    "CoordinatedOmission",
    f"server stopped for {FrozenServer.STOP_SECONDS} s of {FrozenServer.SECONDS}, "
    f"{FrozenServer.RATE:,}/s",
)


@dataclass
class LoadResult:
    """One client at one operation."""

    operation: LoadOperation
    client: Client
    engine: str | None = None  # of our own
    samples: list = field(default_factory=list)
    reference: list = field(default_factory=list)  # samples of REFERENCE at the same

    @property
    def rps(self):
        return median(self.samples, "rps")

    @property
    def over_reference(self):
        is_reference = self.client.name == REFERENCE
        return None if is_reference else quotient(self.rps, median(self.reference, "rps"))

    @property
    def least_over_reference(self):
        if self.operation.target != "responder":
            return None
        return LEAST_OVER_WRK.get((self.operation.connections, self.engine))

    @property
    def met(self):
        least, value = self.least_over_reference, self.over_reference
        return None if least is None or value is None else value >= least

    @property
    def server_is_full(self):
        """Whether it was the server's core that limited the load."""
        share = median(self.samples, "server_share")
        return None if share is None else share >= FULL_SHARE

    def document(self):
        figures = {name: median(self.samples, name) for name in SAMPLE_FIELDS}
        return {
            "name": self.operation.name,
            "target": self.operation.target,
            "connections": self.operation.connections,
            "client": self.client.name,
            "engine": self.engine,
            **figures,
            "server_is_full": self.server_is_full,
            "over_wrk": self.over_reference,
            "least_over_wrk": self.least_over_reference,
            "met": self.met,
            "rounds": [
                {name: getattr(sample, name) for name in SAMPLE_FIELDS} for sample in self.samples
            ],
        }


SAMPLE_FIELDS = (
    "rps",
    "client_cpu_ns",
    "server_cpu_ns",
    "client_share",
    "server_share",
    "rps_with_connecting",
    "memory_peak",
    "connected_ns",
    "foreign_share",
)


@dataclass(frozen=True)
class Figure:
    """One of our own, with what it is to reach."""

    name: str
    title: str
    engine: str
    value: float | None
    unit: str
    most: float
    least: float | None = None
    beside: dict = field(default_factory=dict)  # what to see it with: name to nanoseconds or bytes

    @property
    def met(self):
        if self.value is None:
            return None
        return self.value <= self.most and (self.least is None or self.value >= self.least)

    def document(self):
        return {
            "name": self.name,
            "title": self.title,
            "engine": self.engine,
            "value": self.value,
            "unit": self.unit,
            "least": self.least,
            "most": self.most,
            "met": self.met,
            "beside": self.beside,
        }


@dataclass
class CheckResult:
    operation: CheckOperation
    engine: str
    samples: list = field(default_factory=list)


def figures_of(loads, checks):
    """What is asked of each engine besides requests per second, as far as it was to be measured."""
    figures = []
    for engine in ENGINES:
        few, many = (find_load(loads, engine, connections) for connections in (FEW, MANY))
        if few and many:
            figures.append(cpu_figure(engine, few, many))
        if many:
            figures.append(memory_figure(engine, many))
            figures.append(connecting_figure(engine, many))
    order = {"CpuOfMany": 0, "MemoryPeak": 1, "Connecting": 2}
    figures.sort(key=lambda figure: order[figure.name])
    of_check = {FLAT_MEMORY: growth_figure, FROZEN_SERVER: response_figure}
    return figures + [of_check[check.operation](check) for check in checks]


def find_load(loads, engine, connections):
    for load in loads:
        operation = load.operation
        if load.engine == engine and operation == LoadOperation("responder", connections):
            return load
    return None


def cpu_figure(engine, few, many):
    values = [median(load.samples, "client_cpu_ns") for load in (many, few)]
    return Figure(
        name="CpuOfMany",
        title=f"CPU per request at {MANY:,} connections over that at {FEW:,}",
        engine=engine,
        value=quotient(*values),
        unit=TIMES,
        most=MOST_CPU_OVER_FEW,
    )


def memory_figure(engine, many):
    return Figure(
        name="MemoryPeak",
        title=f"peak memory at {MANY:,} connections",
        engine=engine,
        value=median(many.samples, "memory_peak"),
        unit=BYTES,
        most=MOST_MEMORY,
    )


def connecting_figure(engine, many):
    return Figure(
        name="Connecting",
        title=f"from its start until {MANY:,} connections are open",
        engine=engine,
        value=median(many.samples, "connected_ns"),
        unit=NANOSECONDS,
        most=MOST_CONNECTING,
    )


def growth_figure(check):
    return Figure(
        name=check.operation.name,
        title=f"peak memory of {FlatMemory.REQUESTS:,} requests over that of "
        f"{FlatMemory.SHORT_REQUESTS:,}",
        engine=check.engine,
        value=median(check.samples, "growth"),
        unit=TIMES,
        most=MOST_GROWTH,
        beside={
            "short_load_bytes": median(check.samples, "early"),
            "long_load_bytes": median(check.samples, "late"),
        },
    )


def response_figure(check):
    least, most = RESPONSE_P99
    return Figure(
        name=check.operation.name,
        title=f"p99 of response time, {check.operation.title}",
        engine=check.engine,
        value=median(check.samples, "response_p99"),
        unit=NANOSECONDS,
        least=least,
        most=most,
        beside={
            "ideal_ns": median(check.samples, "ideal_p99"),
            "service_time_p99_ns": median(check.samples, "service_p99"),
        },
    )


def document(environment, rounds, loads, checks, notes, complete):
    """What goes into FILE.json."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "tool": "bench-load",
        **environment,
        "rounds": rounds,
        "complete": complete,
        "notes": notes,
        "loads": [load.document() for load in loads],
        "figures": [figure.document() for figure in figures_of(loads, checks)],
    }
