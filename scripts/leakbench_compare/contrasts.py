"""What is held against what: the repetitions of a base arm and those of a head arm.

An arm is a variant (`with-context`) or, in a run of several builds, a variant of one of them
(`with-context@head`). The builds `base` and `head` are compared; `control` is a second `base`.
"""

from dataclasses import dataclass

from leakbench_report.errors import ReportError

BASE, HEAD, CONTROL = "base", "head", "control"


@dataclass
class Side:
    """One arm of one run."""

    run: object  # leakbench_report.run_folder.Run
    arm: str
    repetitions: list  # the complete ones that are compared, in run order; by block when paired
    planned: int  # repetitions
    failures: list  # what made a repetition fail, one line each

    @property
    def variant(self):
        return variant_of(self.arm)


@dataclass
class Contrast:
    base: Side
    head: Side
    blocks: list = None  # of the pairs, in order; None when there are no pairs

    @property
    def paired(self):
        return self.blocks is not None

    @property
    def missing(self):
        """The arms that are not there, one line each."""
        return [
            f"{side.run.folder} has no arm {side.arm}"
            for side in (self.base, self.head)
            if side.planned == 0
        ]

    @property
    def title(self):
        if self.base.variant == self.head.variant:
            return self.base.variant
        return f"{self.base.arm} -> {self.head.arm}"


def variant_of(arm):
    return arm.rpartition("@")[0] or arm


def build_of(arm):
    """The build in the arm's name, or None."""
    return arm.rpartition("@")[2] if "@" in arm else None


def arms_of(run):
    """Names of all arms that the run planned, in the plan's order of variants: the blocks run them
    in a random one."""
    arms = dict.fromkeys(entry["arm"] for entry in run.plan["repetitions"])
    variants = enumerate(run.plan["plan"]["variants"])
    position = {variant["name"]: place for place, variant in variants}
    return sorted(arms, key=lambda arm: position.get(arm, len(position)))


def contrasts_within(run, chosen):
    """The contrasts of one run, paired by block: of the two arms in `chosen`, or of the builds
    base and head of every variant."""
    arms = arms_of(run)
    if chosen:
        for arm in chosen:
            require_arm(run, arms, arm)
        return [pair_up(run, *chosen)]
    if not any(build_of(arm) in (BASE, HEAD) for arm in arms):
        raise ReportError(
            f"{run.folder} has no arms of two builds, VARIANT@{BASE} and VARIANT@{HEAD}; "
            f"its arms are {', '.join(arms)}: name two with --arms A,B, or give two runs"
        )
    builds = {build_of(arm) for arm in arms}
    if HEAD not in builds and CONTROL in builds:
        raise ReportError(
            f"{run.folder} measured one build twice, and none against it: see what this machine "
            f"can tell apart with compare.py {run.folder} --calibrate"
        )
    variants = dict.fromkeys(variant_of(arm) for arm in arms if build_of(arm) in (BASE, HEAD))
    return [pair_up(run, f"{name}@{BASE}", f"{name}@{HEAD}") for name in variants]


def control_of(contrast):
    """The base of `contrast` against a second one in the same run, or None without a second one."""
    if not contrast.paired:
        return None
    control = f"{contrast.base.variant}@{CONTROL}"
    run = contrast.base.run
    if control not in arms_of(run) or control in (contrast.base.arm, contrast.head.arm):
        return None
    return pair_up(run, contrast.base.arm, control)


def contrasts_between(base_run, head_run, chosen):
    """The contrasts of two runs, not paired: of the arm chosen[0] of the one and chosen[1] of the
    other, or of all arms that either has."""
    base_arms, head_arms = arms_of(base_run), arms_of(head_run)
    if chosen:
        require_arm(base_run, base_arms, chosen[0])
        require_arm(head_run, head_arms, chosen[1])
        names = [tuple(chosen)]
    else:
        names = [(arm, arm) for arm in dict.fromkeys(base_arms + head_arms)]
    return [
        Contrast(side_of(base_run, base_arm), side_of(head_run, head_arm))
        for base_arm, head_arm in names
    ]


def require_arm(run, arms, arm):
    if arm not in arms:
        raise ReportError(f"{run.folder} has no arm {arm}; its arms are {', '.join(arms)}")


def pair_up(run, base_arm, head_arm):
    """Keeps the blocks in which both arms are complete."""
    sides = [side_of(run, arm) for arm in (base_arm, head_arm)]
    found = [by_block(side) for side in sides]
    blocks = sorted(found[0].keys() & found[1].keys())
    for side, repetitions in zip(sides, found):
        side.repetitions = [repetitions[block] for block in blocks]
    return Contrast(*sides, blocks)


def side_of(run, arm):
    entries = [entry for entry in run.plan["repetitions"] if entry["arm"] == arm]
    failures = [
        entry["error"] or "no reason given" for entry in entries if entry["status"] == "failed"
    ]
    return Side(run, arm, run.repetitions_of(arm), len(entries), failures)


def by_block(side):
    found = {}
    for repetition in side.repetitions:
        block = repetition.report["block"]
        if block in found:
            raise ReportError(
                f"{side.run.folder} has two repetitions of {side.arm} in block {block}, "
                f"{found[block].index} and {repetition.index}: a block holds one of every arm"
            )
        found[block] = repetition
    return found
