"""The two benchmark programs, ours and Go's: one process for each operation measured."""

import json
import re

from leakbench_bench.processes import MeasurementError, output_of
from runtime_bench.operations import BYTES
from runtime_bench.results import Sample


class Ours:
    """runtime_benchmark, built with the registry or without."""

    def __init__(self, binary, min_time, registry="on"):
        self.binary = binary
        self.min_time = min_time
        self.registry = registry

    def measure(self, operation):
        name = re.escape(f"BM_{operation.name}/workers:{operation.workers}")
        output = output_of(
            [
                self.binary,
                f"--benchmark_filter=^{name}(/|$)",
                f"--benchmark_min_time={self.min_time}",
                "--benchmark_format=json",
            ]
        )
        return google_sample(output, operation, self.registry)


def google_sample(output, operation, registry):
    """The sample in the JSON that Google Benchmark prints."""
    try:
        report = json.loads(output)
    except json.JSONDecodeError as error:
        raise MeasurementError(f"no benchmark {operation.name}, or no JSON from it") from error
    built_with = report["context"].get("registry")
    if built_with != registry:
        raise MeasurementError(f"built with the registry {built_with}, wanted it {registry}")
    found = [run for run in report["benchmarks"] if run["run_type"] == "iteration"]
    if len(found) != 1:
        raise MeasurementError(f"{len(found)} benchmarks are named {operation.name}, not 1")
    run = found[0]
    if run.get("error_occurred"):
        raise MeasurementError(run["error_message"])
    if operation.unit == BYTES:
        return Sample(run["bytes"])
    per_batch = run["operations"]
    return Sample(run["cpu_time"] / per_batch, run["real_time"] / per_batch)


class Go:
    """The peer, runtime/benchmark/go/operations."""

    def __init__(self, binary, min_time):
        self.binary = binary
        self.min_time = min_time

    def measure(self, operation):
        output = output_of(
            [
                self.binary,
                "-operation",
                operation.name,
                "-workers",
                operation.workers,
                "-min-time",
                f"{self.min_time}s",
            ]
        )
        return go_sample(output, operation)


def go_sample(output, operation):
    """The sample in the line of JSON that the peer prints."""
    try:
        run = json.loads(output)
    except json.JSONDecodeError as error:
        raise MeasurementError(f"printed no JSON: {output.strip()[:60]}") from error
    if run["name"] != operation.name or run["workers"] != operation.workers:
        raise MeasurementError(f"measured {run['name']} with {run['workers']} workers instead")
    if operation.unit == BYTES:
        return Sample(run["bytes"])
    return Sample(run["cpu_ns"], run["wall_ns"], run.get("peak_memory_grew_bytes"))
