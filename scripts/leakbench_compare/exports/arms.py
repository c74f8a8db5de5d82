"""The arms of a comparison with their values, as the exports want them."""

from dataclasses import dataclass

from leakbench_compare.words import plain


@dataclass(frozen=True)
class Arm:
    name: str  # "with-context@base"; of two runs too, whose arms have no build in their names
    variant: str
    build: str  # None for a plain variant
    is_head: bool
    metrics: dict  # name to {"median", "values"}; one value a repetition, None where not measured
    better: dict  # name to "smaller" or "larger"
    exact: frozenset  # names of exact metrics that have one value only

    @property
    def repetitions(self):
        return max((len(metric["values"]) for metric in self.metrics.values()), default=0)


def arms_of(document):
    """Base and head of every comparison that has metrics, in this order."""
    arms = []
    for comparison in document["comparisons"]:
        for side in ("base", "head") if comparison["metrics"] else ():
            arms.append(arm_of(comparison, side))
    return arms


def arm_of(comparison, side):
    name = plain(comparison[f"{side}_arm"])
    if comparison["base_arm"] == comparison["head_arm"]:
        name += f"@{side}"
    variant, _, build = name.rpartition("@") if "@" in name else (name, None, None)
    metrics = comparison["metrics"]
    return Arm(
        name,
        variant,
        build,
        side == "head",
        {metric["name"]: metric[side] for metric in metrics},
        {metric["name"]: metric["better"] for metric in metrics},
        frozenset(metric["name"] for metric in metrics if metric["exact"] and steady(metric[side])),
    )


def steady(measured):
    return len(set(measured["values"])) == 1


def unit_of(metric):
    """The unit, which is the end of a metric's name."""
    for ending, unit in UNITS.items():
        if metric.endswith(ending):
            return unit
    return "tasks" if "tasks" in metric else "count"


UNITS = {
    "_ns": "ns",
    "_ns_per_request": "ns/request",
    "_bytes": "bytes",
    "_rps": "requests/s",
    "_percent": "percent",
    "tasks_per_request": "tasks/request",
}
