"""How often the comparison is right: simulated runs, in which the truth is known.

Run by itself it prints the table of docs/comparing.md; the tests run a part of it. The noise is a
model: a slow drift of the machine (first-order autoregressive), jitter, and spikes upwards.
"""

import math
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from compared_runs import run_of  # noqa: E402
from leakbench_compare.comparison import compare_within  # noqa: E402
from leakbench_compare.policy import DEFAULT_POLICY, read_policy  # noqa: E402

DRIFT_MEMORY = 0.9  # how much of the drift is still there one repetition later


@dataclass(frozen=True)
class Noise:
    drift: float  # standard deviations, as shares
    jitter: float
    spikes: float  # share of the repetitions
    spike: tuple = (0.1, 0.4)  # by how much a spike is higher


SHARED_MACHINE = Noise(0.04, 0.03, 0.08)
STRONG_DRIFT = Noise(0.15, 0.03, 0.08)
MANY_SPIKES = Noise(0.04, 0.05, 0.25)
QUIET_MACHINE = Noise(0.0, 0.05, 0.0)
REGIMES = {
    "shared machine": SHARED_MACHINE,
    "strong drift": STRONG_DRIFT,
    "many spikes": MANY_SPIKES,
    "no drift, no spikes": QUIET_MACHINE,
}
MEMORY = Noise(0.003, 0.008, 0.02, (0.01, 0.04))
RESPONSE_TIME = Noise(0.15, 0.2, 0.15, (0.1, 0.6))


def factors(rng, noise, count):
    """What the machine makes of `count` repetitions one after the other."""
    step = noise.drift * math.sqrt(1 - DRIFT_MEMORY**2)
    drift, result = rng.gauss(0, noise.drift), []
    for _ in range(count):
        drift = DRIFT_MEMORY * drift + rng.gauss(0, step)
        spike = 1 + rng.uniform(*noise.spike) if rng.random() < noise.spikes else 1
        result.append(math.exp(drift + rng.gauss(0, noise.jitter)) * spike)
    return result


def pairs(rng, noise, blocks, change=0.0):
    """Values of base and head in coin-flipped blocks; the head is truly larger by `change`."""
    base, head = [], []
    found = iter(factors(rng, noise, 2 * blocks))
    for first, second in zip(found, found):
        before, after = (first, second) if rng.random() < 0.5 else (second, first)
        base.append(before)
        head.append(after * (1 + change))
    return base, head


def scaled(columns, size):
    return tuple([size * value for value in column] for column in columns)


def simulated_run(rng, blocks=10, cpu_noise=SHARED_MACHINE, memory=0.0, cpu=0.0, leaks=0):
    """A run of two builds. Every gate metric has noise; the head truly has `memory` and `cpu` more,
    as shares, and `leaks` tasks that never end."""
    columns = {
        "memory_peak_bytes": scaled(pairs(rng, MEMORY, blocks, memory), 60 * 2**20),
        "cpu_ns_per_request": scaled(pairs(rng, cpu_noise, blocks, cpu), 80_000),
        "response_time_mean_ns": scaled(pairs(rng, RESPONSE_TIME, blocks), 140_000_000),
        "live_tasks_after": tuple(
            [rng.randrange(13) + more for _ in range(blocks)] for more in (0, leaks)
        ),
        "live_tasks_settled": ([0] * blocks, [leaks] * blocks),
        "leaked_tasks_per_request": ([0] * blocks, [leaks / 20_000] * blocks),
    }
    return run_of(
        {
            f"with-context@{build}": {name: pair[side] for name, pair in columns.items()}
            for side, build in enumerate(("base", "head"))
        }
    )


@dataclass
class Rates:
    """Shares of the simulated runs."""

    runs: int = 0
    regression: int = 0  # ended with exit code 3
    improved: int = 0  # called any gate metric improved
    significant: int = 0  # had any gate metric below alpha after Holm, whatever its size
    found: int = 0  # called the watched metric a regression
    settled: int = 0  # said of the watched metric anything but INCONCLUSIVE

    def add(self, document, watched, alpha):
        metrics = {m["name"]: m for m in document["comparisons"][0]["metrics"] if m["gate"]}
        self.runs += 1
        self.regression += document["exit_code"] == 3
        self.improved += any(m["verdict"] == "IMPROVED" for m in metrics.values())
        self.significant += any(m["p_adjusted"] < alpha for m in metrics.values())
        if watched:
            self.found += metrics[watched]["verdict"] == "REGRESSION"
            self.settled += metrics[watched]["verdict"] != "INCONCLUSIVE"

    def share(self, name):
        return getattr(self, name) / self.runs


def simulate(runs, seed, watched=None, limit=None, **truth):
    """Compares `runs` simulated runs; `limit` replaces the relative margin of the CPU time."""
    policy, rng, rates = read_policy(DEFAULT_POLICY), random.Random(seed), Rates()
    # Metrics for information take time and change nothing.
    rules = (cpu_limited(rule, limit) for rule in policy.rules if rule.gate)
    policy = replace(policy, rules=tuple(rules))
    for _ in range(runs):
        document = compare_within(simulated_run(rng, **truth), policy)
        rates.add(document, watched, policy.alpha)
    return rates


def cpu_limited(rule, limit):
    if limit is None or rule.metric != "cpu_ns_per_request":
        return rule
    return replace(rule, relative=limit)


def main(runs=2000):
    print(f"{runs} simulated runs each, default policy\n")
    print(f"{'no true change':24} pairs   exit 3   improved   significant before the margin")
    for name, noise in REGIMES.items():
        for blocks in (8, 10, 20):
            rates = simulate(runs, 1, blocks=blocks, cpu_noise=noise)
            shares = [100 * rates.share(key) for key in ("regression", "improved", "significant")]
            print(f"{name:24} {blocks:5} {shares[0]:6.1f} % {shares[1]:8.1f} % {shares[2]:8.1f} %")
    print(f"\n{'true change':24} pairs   called a regression")
    for name, metric, truth in (
        ("peak memory +5 %", "memory_peak_bytes", {"memory": 0.05}),
        ("peak memory +10 %", "memory_peak_bytes", {"memory": 0.1}),
        ("CPU +10 %, limit 3 %", "cpu_ns_per_request", {"cpu": 0.1, "limit": 0.03}),
        ("CPU per request +10 %", "cpu_ns_per_request", {"cpu": 0.1}),
        ("CPU per request +30 %", "cpu_ns_per_request", {"cpu": 0.3}),
        ("CPU per request +50 %", "cpu_ns_per_request", {"cpu": 0.5}),
        ("1 leaked task", "live_tasks_settled", {"leaks": 1}),
    ):
        for blocks in (8, 10, 20):
            found = 100 * simulate(runs, 2, metric, blocks=blocks, **truth).share("found")
            print(f"{name:24} {blocks:5} {found:8.1f} %")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
