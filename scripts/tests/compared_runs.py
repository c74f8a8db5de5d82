"""Makes runs for tests of the comparison, in memory or as folders, from values of a test."""

import json
import random
from pathlib import Path

from synthetic import file_of, make_plan, write_json
from synthetic_repetition import make_repetition

from leakbench_compare.comparison import compare_within
from leakbench_compare.policy import DEFAULT_POLICY, read_policy
from leakbench_report.run_folder import Repetition, Run

REQUESTS = 20_000


def run_of(values, run_id="made-up-1", seed=1):
    """A run in memory. `values` has for each arm and metric one value a block; what it does not
    have is as in other made-up runs, without the noise that is put there."""
    blocks = max(len(column) for metrics in values.values() for column in metrics.values())
    flip = random.Random(seed)
    order = [flip.sample(list(values), len(values)) for _ in range(blocks)]
    planned = [(block, arm) for block, arms in enumerate(order, start=1) for arm in arms]
    reports = [
        report_of(index, block, arm, values[arm], run_id)
        for index, (block, arm) in enumerate(planned, start=1)
    ]
    plan = make_plan(reports, order, 1, REQUESTS)
    plan.update(id=run_id, warnings=[])
    entries = plan["repetitions"]
    repetitions = [Repetition(entry, report, []) for entry, report in zip(entries, reports)]
    return Run(Path("made-up"), plan, repetitions, None, [])


def report_of(index, block, arm, metrics, run_id):
    variant = arm.split("@")[0]
    report = make_repetition(index, block, variant, 1, REQUESTS, ())
    # The first repetition of such a run, so that only what the test gives differs between blocks.
    steady = make_repetition(1, 1, variant, 1, REQUESTS, ())["metrics"]
    steady.update((name, column[block - 1]) for name, column in metrics.items())
    report.update(arm=arm, run_id=run_id, samples_file=None, metrics=steady)
    report["rounds"][0]["metrics"] = steady
    return report


def write_run(folder, run):
    """Writes a run that is in memory into `folder`, which then is what `leakbench run` leaves, but
    for the samples and the summary."""
    (folder / "reps").mkdir(parents=True)
    for repetition in run.repetitions:
        write_json(folder / file_of(repetition.report), repetition.report)
    write_json(folder / "run.json", run.plan)
    return folder


def with_comparison(folder):
    """Puts the comparison of two made-up builds, and of the base with itself, into the folder of a
    run, as if it were of that run. Its pairs differ as if a machine made them."""
    chance = random.Random(3)
    noise = {"memory_peak_bytes": 0.01, "cpu_ns_per_request": 0.08, "response_time_mean_ns": 0.2}
    base = {name: [1e8 * chance.gauss(1, each) for _ in range(10)] for name, each in noise.items()}
    arms = {"with-context@base": base}
    for build, factor in (("head", 1.12), ("control", 1.0)):
        arms[f"with-context@{build}"] = {
            name: [
                value * chance.gauss(factor if name == "memory_peak_bytes" else 1, noise[name] / 2)
                for value in column
            ]
            for name, column in base.items()
        }
    document = compare_within(run_of(arms), read_policy(DEFAULT_POLICY))
    run_id = json.loads((folder / "run.json").read_text(encoding="utf-8"))["id"]
    for side in ("base_run", "head_run"):
        document[side] = {**document[side], "id": run_id}
    write_json(folder / "comparison.json", document)
    return folder


def builds(variant="with-context", **columns):
    """Values of VARIANT@base and VARIANT@head: each column is a pair of lists."""
    return {
        f"{variant}@{build}": {name: pair[side] for name, pair in columns.items()}
        for side, build in enumerate(("base", "head"))
    }


def twice(**columns):
    """A run in memory that measured one build two times, as `leakbench run --calibrate` does."""
    values = builds(**columns)
    values["with-context@control"] = values.pop("with-context@head")
    return run_of(values)


def metrics_of(document, comparison=0, group="comparisons"):
    """The metrics of a comparison document by name."""
    return {metric["name"]: metric for metric in document[group][comparison]["metrics"]}
