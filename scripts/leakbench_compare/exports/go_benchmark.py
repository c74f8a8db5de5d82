"""Go's benchmark text: a line for each repetition, with every metric under a unit of its own, and
what benchstat should know of these units. `benchstat -col /build FILE` sets base and head side by
side, `benchstat -col /variant FILE` the variants."""

import re

from leakbench_report.errors import ReportError

from leakbench_compare.exports.arms import arms_of
from leakbench_compare.words import plain

# benchstat scales what it knows: ns to s, B to KiB. The rest of a name stays.
ENDINGS = {"_ns": "-ns", "_bytes": "-B", "_rps": "-req/s", "_percent": "-%"}
KNOWN = {"response_time_mean_ns": "ns/op", "cpu_ns_per_request": "cpu-ns/op"}


def render(document):
    arms = arms_of(document)
    if not arms:
        raise ReportError("nothing to export to go: no metric was compared")
    environment = document["head_run"]["environment"]
    lines = [f"pkg: leakbench/{document['scenario']['name']}"]
    if environment["cpu_model"]:
        lines.append(f"cpu: {plain(environment['cpu_model'])}")
    lines.append(f"tool: leakbench {plain(document['head_run']['tool_version'])}")
    lines += unit_lines(arms)
    for arm in arms:
        name = name_of(document, arm, environment["cores_online"] or 1)
        lines += [line for index in range(arm.repetitions) for line in line_of(name, arm, index)]
    return "\n".join(lines) + "\n"


def unit_lines(arms):
    """Once for each unit, in the order of the metrics."""
    lines = {}
    for arm in arms:
        for metric in arm.metrics:
            direction = "lower" if arm.better[metric] == "smaller" else "higher"
            exact = " assume=exact" if all(metric in other.exact for other in arms) else ""
            lines[f"Unit {unit_of(metric)} better={direction}{exact}"] = None
    return list(lines)


def unit_of(metric):
    if metric in KNOWN:
        return KNOWN[metric]
    for ending, unit in ENDINGS.items():
        if metric.endswith(ending):
            return metric.removesuffix(ending).replace("_", "-") + unit
    return metric.replace("_", "-")


def name_of(document, arm, cores):
    """"BenchmarkOrphanedTask/variant=with-context/build=head-2". The number of cores is always
    there: without it, a name that ends in a number would be read as one with it."""
    words = re.findall(r"[A-Za-z0-9]+", document["scenario"]["name"])
    title = "".join(word[0].upper() + word[1:] for word in words)
    build = f"/build={slug(arm.build)}" if arm.build else ""
    return f"Benchmark{title}/variant={slug(arm.variant)}{build}-{cores}"


def slug(name):
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)


def line_of(name, arm, index):
    values = {
        unit_of(metric): measured["values"][index] for metric, measured in arm.metrics.items()
    }
    pairs = [f"{decimal(value)} {unit}" for unit, value in values.items() if value is not None]
    return [f"{name} 1 {' '.join(pairs)}"] if pairs else []


def decimal(value):
    """Without an exponent, which some readers of this format do not know."""
    text = f"{value:.9f}"
    return text.rstrip("0").rstrip(".")
