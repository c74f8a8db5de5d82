"""The whole comparison, as the document that --json writes and every view is made from."""

from dataclasses import dataclass, field
from statistics import median

from leakbench_report.errors import ReportError

from leakbench_compare import leaks, words
from leakbench_compare.comparable import reasons_against, worth_a_note
from leakbench_compare.contrasts import contrasts_between, contrasts_within, control_of
from leakbench_compare.outcome import conclude
from leakbench_compare.verdicts import judge, present, weigh_metric

SCHEMA = "leakbench/comparison"
SCHEMA_VERSION = "1.1.0"
ENVIRONMENT = ("cpu_model", "cores_online", "kernel", "compiler", "build_type", "git_commit")


@dataclass
class Weighed:
    """One contrast with what was found."""

    contrast: object
    not_comparable: list  # Reasons; nothing is weighed when there are any
    incomplete: list  # Reasons; what is there is weighed all the same
    metrics: list = field(default_factory=list)  # Judged, in the policy's order
    not_measured: list = field(default_factory=list)  # Rules of metrics that neither arm has
    unexpected: list = field(default_factory=list)  # Verdicts of arms that are not as expected
    leak_sites: list = field(default_factory=list)  # Where the head's surplus of tasks is started


def compare_within(run, policy, chosen=None, strict=False):
    """Compares arms of one run, paired by block, and returns the document."""
    contrasts = contrasts_within(run, chosen)
    controls = [control for control in map(control_of, contrasts) if control]
    return compare([run], contrasts, controls, policy, gating=True, strict=strict)


def compare_between(base_run, head_run, policy, chosen=None, gating=False, strict=False):
    """Compares arms of two runs, which are not paired, and returns the document."""
    if base_run.plan["id"] == head_run.plan["id"]:
        raise ReportError(
            f"{base_run.folder} and {head_run.folder} are the same run, {base_run.plan['id']}: "
            "give one run to compare its arms, or two different ones"
        )
    contrasts = contrasts_between(base_run, head_run, chosen)
    return compare([base_run, head_run], contrasts, [], policy, gating, strict)


def compare(runs, contrasts, controls, policy, gating, strict):
    names_known(runs, policy)
    weighed = weigh_all(contrasts, policy)
    for entry in weighed:
        entry.unexpected = leaks.unexpected_of(entry.contrast)
        entry.leak_sites = leaks.leak_sites_of(entry)
    control = weigh_all(controls, policy)
    plan = runs[0].plan
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "scenario": {name: plan["scenario"][name] for name in ("name", "title")},
        "design": "paired" if len(runs) == 1 else "unpaired",
        "gating": gating,
        "strict": strict,
        "policy": {"name": policy.name, "alpha": policy.alpha},
        "base_run": run_of(runs[0]),
        "head_run": run_of(runs[-1]),
        **conclude(weighed, control, gating, strict),
        "comparisons": [comparison_of(entry) for entry in weighed],
        "control": [comparison_of(entry) for entry in control],
        "notes": notes_of(runs, contrasts) + [f"control: {gap}" for gap in gaps_of(control)],
    }


def names_known(runs, policy):
    """A gate on a metric that no repetition knows, as of an older leakbench, would always pass."""
    known = {
        name
        for run in runs
        for repetition in run.repetitions
        for name in repetition.report["metrics"]
    }
    for rule in policy.rules:
        if known and rule.gate and rule.metric not in known:
            raise ReportError(
                f"policy {policy.name} gates {rule.metric}, a metric that no repetition of "
                f"{runs[-1].folder} has: set its gate to false in the policy"
            )


def weigh_all(contrasts, policy):
    weighed = [weigh_contrast(contrast, policy) for contrast in contrasts]
    judge([(entry.contrast, entry.metrics) for entry in weighed], policy.alpha)
    return weighed


def weigh_contrast(contrast, policy):
    reasons = reasons_against(contrast, policy)
    entry = Weighed(contrast, reasons, [] if contrast.missing else gaps(contrast, policy))
    if reasons or not all(side.repetitions for side in (contrast.base, contrast.head)):
        return entry
    for rule in policy.rules:
        judged = weigh_metric(rule, contrast, policy.alpha)
        if judged is None:
            entry.not_measured.append(rule)
        else:
            entry.metrics.append(judged)
    entry.metrics.sort(key=lambda judged: not judged.rule.gate)
    return entry


def gaps(contrast, policy):
    """Why too little is left of what was planned, one line each."""
    found = []
    for side in (contrast.base, contrast.head):
        if len(side.failures) > policy.failed_repetitions:
            what = words.counted(len(side.failures), "repetitions")
            found.append(f"{what} of {side.arm} failed: {words.plain(side.failures[0])}")
    if contrast.paired:
        planned = min(contrast.base.planned, contrast.head.planned)
        found += too_few(len(contrast.blocks), planned, policy, "pairs")
    else:
        for side in (contrast.base, contrast.head):
            unit = f"repetitions of {side.arm} in {side.run.folder}"
            found += too_few(len(side.repetitions), side.planned, policy, unit)
    return found


def too_few(complete, planned, policy, unit):
    if complete and (complete >= planned or complete >= policy.fewest_repetitions):
        return []
    return [
        f"{complete} of {planned} planned {unit} are complete, "
        f"{min(planned, policy.fewest_repetitions)} are needed"
    ]


def gaps_of(control):
    return [gap for entry in control for gap in entry.not_comparable + entry.incomplete]


def notes_of(runs, contrasts):
    notes = list(worth_a_note(contrasts))
    for run in runs:
        notes += run.notes
        notes += [warning["message"] for warning in run.plan["warnings"]]
    if len(runs) == 2:
        notes.append(
            "not paired: whatever changed on the machine between the two runs counts as a change"
        )
    return [words.plain(note) for note in notes]


def run_of(run):
    environment = {name: run.plan["environment"][name] for name in ENVIRONMENT}
    names = ("id", "tool_version", "started_utc", "status")
    return {**{name: run.plan[name] for name in names}, "environment": environment}


def comparison_of(entry):
    contrast = entry.contrast
    return {
        "title": contrast.title,
        "base_arm": contrast.base.arm,
        "head_arm": contrast.head.arm,
        "planned": {"base": contrast.base.planned, "head": contrast.head.planned},
        "complete": {
            "base": len(contrast.base.repetitions),
            "head": len(contrast.head.repetitions),
        },
        "blocks": contrast.blocks,
        "not_comparable": [words.plain(reason) for reason in entry.not_comparable],
        "incomplete": entry.incomplete,
        "unexpected": entry.unexpected,
        "leak_sites": entry.leak_sites,
        "metrics": [metric_of(judged) for judged in entry.metrics],
        "not_measured": [
            {"name": rule.metric, "gate": rule.gate} for rule in entry.not_measured
        ],
    }


def metric_of(judged):
    rule, evidence = judged.rule, judged.evidence
    document = {
        "name": rule.metric,
        "better": "smaller" if rule.smaller_is_better else "larger",
        "gate": rule.gate,
        "exact": rule.exact,
        "by_values": judged.by_values,
        "base": values_of(judged.base),
        "head": values_of(judged.head),
        "scale": None,
        "change": None,
        "limit": None,
        "p": None,
        "p_adjusted": judged.p_adjusted,
        "verdict": judged.verdict,
        "fails": judged.fails,
        "sentence": judged.sentence,
        "detectable": judged.detectable,
        "needed": judged.needed,
        "odd_blocks": judged.odd_blocks,
        "text": {
            "change": words.estimate(judged),
            "interval": words.interval(judged),
            "limit": words.limit(judged),
        },
    }
    if evidence:
        interval = evidence.interval
        ends = {"estimate": interval.estimate, "low": interval.low, "high": interval.high}
        unbounded = evidence.interval.low == float("-inf")
        document["scale"] = evidence.scale
        document["change"] = {
            name: None if unbounded and name != "estimate" else evidence.shown(value)
            for name, value in ends.items()
        }
        document["limit"] = {
            "down": evidence.shown(evidence.down),
            "up": evidence.shown(evidence.up),
        }
        document["p"] = evidence.p
    return document


def values_of(values):
    known = present(values)
    return {"median": median(known) if known else None, "values": values}
