"""The gate against changes that were planted, and against none.

A build is a folder with a program leakbench-server. Here it is a few lines of shell that start the
real one with other options, so that what differs between two builds is known.
"""

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from leakbench_report import humanize

ROOT = Path(__file__).resolve().parents[2]
VARIANT, BASE = "without-context", "base"
# As small as it can be while 400 tasks of 32 KiB are half of the memory, and their passes over it
# most of the CPU time, but with the plant no more than two thirds of a core: what does not fit into a
# round is not measured in it. The payload stays in the core's own cache, whatever neighbours do to the
# shared one, and a round in which they took the core away is thrown out by the median of five.
OPTIONS = {"job-duration": "300ms", "step": "50ms", "step-work": "10", "payload": "32768"}
LOAD = {"connections": 200, "requests": 400, "warmup_requests": 50}
SETTLE = {"longest_task": "{job-duration}", "margin": "200ms", "linger_after": "100ms"}
ROUNDS = 5
UNEXPECTED_VERDICT = 4  # of leakbench: the planted leak, which nobody expects
REGRESSION = 3


@dataclass(frozen=True)
class Plant:
    """One change of the head, and the metric by which the gate has to see it."""

    name: str
    title: str
    options: dict
    metric: str = None  # None where nothing changed


PLANTS = (
    Plant("control", "nothing", {}),
    Plant("leak", "tasks that never end", {"job-duration": "1h"}, "live_tasks_settled"),
    Plant("memory", "+10 % peak memory", {"payload": "40136"}, "memory_peak_bytes"),
    Plant("cpu", "+30 % CPU per request", {"step-work": "14"}, "cpu_ns_per_request"),
)


@dataclass
class Tally:
    """What became of one plant in all comparisons so far."""

    plant: Plant
    codes: list = field(default_factory=list)  # of compare.py
    failed_on: list = field(default_factory=list)  # for each comparison the metrics that regressed
    changes: list = field(default_factory=list)  # of the plant's metric, as a share

    def add(self, code, document):
        metrics = [metric for entry in document["comparisons"] for metric in entry["metrics"]]
        self.codes.append(code)
        self.failed_on.append([metric["name"] for metric in metrics if metric["fails"]])
        for metric in metrics:
            if metric["name"] == self.plant.metric and metric["scale"] == "relative":
                self.changes.append(metric["change"]["estimate"])

    @property
    def caught(self):
        """Comparisons that failed, for the right reason."""
        return sum(self.plant.metric in names for names in self.failed_on)

    @property
    def failed_otherwise(self):
        """Comparisons that failed for another reason only: false alarms."""
        return sum(bool(names) and self.plant.metric not in names for names in self.failed_on)

    @property
    def undecided(self):
        return len(self.codes) - self.caught - self.failed_otherwise

    def row(self):
        if self.changes:
            low, middle, high = (
                humanize.number(100 * pick(self.changes)) for pick in (min, median, max)
            )
            changed = f"{middle} % ({low} to {high})"
        else:
            changed = "-"
        caught = self.caught if self.plant.metric else "-"
        counts = (len(self.codes), caught, self.failed_otherwise, self.undecided)
        texts = (self.plant.title, *map(str, counts), changed)
        return f"| {' | '.join(texts)} |"


def table(tallies):
    return [
        "| planted | comparisons | caught | failed for nothing | not failed | measured change |",
        "|---|--:|--:|--:|--:|--:|",
        *(tally.row() for tally in tallies),
    ]


def passed(tallies):
    """Whether the gate did its work each time that can be asked for: the leak and the memory are
    caught always, and nothing fails that did not change. CPU time is as good as the machine."""
    sure = [tally for tally in tallies if tally.plant.name in ("leak", "memory")]
    alarms = sum(tally.failed_otherwise for tally in tallies)
    return not alarms and all(tally.caught == len(tally.codes) for tally in sure)


def prepare(folder, server, plants):
    """Writes the manifest and a build for each arm; returns the arguments of `leakbench run`."""
    manifest = json.loads((ROOT / "scenarios/orphaned-task/scenario.json").read_text("utf-8"))
    manifest.pop("published", None)
    manifest.update(
        name="gate-selftest",
        options=OPTIONS,
        load=LOAD,
        settle=SETTLE,
        variants=[{"name": VARIANT, "expect": "lingering"}],
    )
    path = folder / "gate-selftest.json"
    path.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    arguments = [str(path)]
    for name, options in [(BASE, {}), *((plant.name, plant.options) for plant in plants)]:
        build = folder / "builds" / name
        build.mkdir(parents=True, exist_ok=True)
        write_build(build / "leakbench-server", server, options)
        arguments += ["--arm", f"{name}={build}"]
    return arguments


def write_build(path, server, options):
    # Of an option that is given twice the server takes the last.
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    command = f'exec {shlex.quote(str(server))} "$@" {shlex.join(words)}'.rstrip()
    path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    path.chmod(0o755)


def measure(leakbench, arguments, pairs, out):
    """One run of all arms. Returns its folder, or None where leakbench failed."""
    command = [leakbench, "run", *arguments, "--pairs", str(pairs), "--rounds", str(ROUNDS)]
    command += ["--out", out, "--quiet"]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    folders = [line for line in done.stdout.splitlines() if line.startswith("results: ")]
    if done.returncode not in (0, UNEXPECTED_VERDICT) or not folders:
        return None
    return Path(folders[-1].removeprefix("results: "))


def compare(run, plant, policy):
    """compare.py's exit code and its document."""
    file = run / f"comparison-{plant.name}.json"
    arms = f"{VARIANT}@{BASE},{VARIANT}@{plant.name}"
    command = [ROOT / "scripts/compare.py", run, "--arms", arms, "--json", file]
    command += ["--policy", policy] if policy else []
    done = subprocess.run(
        [sys.executable, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    return done.returncode, json.loads(file.read_text(encoding="utf-8"))
