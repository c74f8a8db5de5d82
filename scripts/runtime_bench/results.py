"""From samples to figures: medians, ratios, and the JSON document."""

import statistics
from dataclasses import dataclass, field

from leakbench_bench.figures import median, quotient

SCHEMA = "leakbench/runtime-benchmark"
SCHEMA_VERSION = "1.0.0"


@dataclass(frozen=True)
class Sample:
    """One measurement: CPU nanoseconds per operation, or bytes; and the wall time beside."""

    value: float
    wall: float | None = None
    memory_grew: float | None = None  # bytes, at the peak of what was measured


@dataclass
class Result:
    """All samples of one operation so far. `peer` stays empty for what has none."""

    operation: object
    ours: list = field(default_factory=list)
    peer: list = field(default_factory=list)

    @property
    def our_median(self):
        return median(self.ours)

    @property
    def peer_median(self):
        return median(self.peer)

    @property
    def ratio(self):
        """How many times cheaper we are: above 1 means better."""
        return quotient(self.peer_median, self.our_median)

    @property
    def met(self):
        target = self.operation.target
        return None if target is None else target.met(self.our_median, self.ratio)

    def document(self):
        operation, target = self.operation, self.operation.target
        return {
            "name": operation.name,
            "title": operation.title,
            "workers": operation.workers,
            "unit": operation.unit,
            "peer_name": operation.peer,
            "ours": self.our_median,
            "peer": self.peer_median,
            "ratio": self.ratio,
            "target": None if target is None else {"ours": target.ours, "ratio": target.ratio},
            "met": self.met,
            "ours_wall": median(self.ours, "wall"),
            "peer_wall": median(self.peer, "wall"),
            "rounds": [
                [sample.value for sample in self.ours],
                [sample.value for sample in self.peer],
            ],
        }


@dataclass
class RegistryCost:
    """One operation with the registry, and with it compiled out."""

    operation: object
    with_registry: list = field(default_factory=list)
    without: list = field(default_factory=list)

    @property
    def difference(self):
        """Median over the rounds: what one of them suffered from its machine, both builds did."""
        pairs = zip(self.with_registry, self.without)
        differences = [ours.value - without.value for ours, without in pairs]
        return statistics.median(differences) if differences else None

    def document(self):
        return {
            "name": self.operation.name,
            "title": self.operation.title,
            "workers": self.operation.workers,
            "unit": self.operation.unit,
            "with": median(self.with_registry),
            "without": median(self.without),
            "difference": self.difference,
            "rounds": [
                [sample.value for sample in self.with_registry],
                [sample.value for sample in self.without],
            ],
        }


def document(environment, rounds, results, registry_costs, notes, complete):
    """What goes into FILE.json. `registry_costs` is None when nobody asked for it."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "tool": "bench-runtime",
        **environment,
        "rounds": rounds,
        "complete": complete,
        "notes": notes,
        "operations": [result.document() for result in results],
        "registry_cost": None
        if registry_costs is None
        else [cost.document() for cost in registry_costs],
    }
