"""Round by round: all sides of each measurement, one right after the other."""

from leakbench_bench.processes import MeasurementError


def measure_rounds(rounds, groups, tell, complain):
    """Calls every side of `groups` once a round and puts its samples into its list.

    `groups` has, for each measurement, its label and its sides: (name, measure, samples, most
    rounds or None). Sides take turns at going first, since the second finds other caches and
    another clock rate. A side that fails is not asked again; `complain(text)` hears of it once.
    """
    failed = set()
    for round_index in range(rounds):
        for group_index, (label, sides) in enumerate(groups):
            tell(round_index, group_index, label)
            first = (round_index + group_index) % len(sides) if sides else 0
            for side_index in [*range(first, len(sides)), *range(first)]:
                name, measure, samples, most = sides[side_index]
                key = (group_index, side_index)
                if key in failed or (most is not None and round_index >= most):
                    continue
                try:
                    samples.append(measure())
                except MeasurementError as error:
                    failed.add(key)
                    complain(f"{label}, {name}: {error}")
