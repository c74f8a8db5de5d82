"""What a machine can see: a build against itself, by the statistics that compare two builds."""

import math
from statistics import median

from leakbench_report import humanize
from leakbench_report.errors import (
    EXIT_INCOMPLETE,
    EXIT_INCONCLUSIVE,
    EXIT_NOT_COMPARABLE,
    EXIT_OK,
    ReportError,
)

from leakbench_compare import words
from leakbench_compare.comparison import names_known, notes_of, run_of, weigh_all
from leakbench_compare.contrasts import BASE, CONTROL, arms_of, build_of, pair_up, variant_of
from leakbench_compare.evidence import RELATIVE
from leakbench_compare.terminal import bullet, wrapped
from leakbench_compare.verdicts import INCONCLUSIVE, NO_CHANGE

FILE = "calibration.json"
SCHEMA = "leakbench/calibration"
SCHEMA_VERSION = "1.0.0"
COLUMNS = ("metric", "value", "itself", "visible", "regression")
TITLES = {
    "metric": "gate metric",
    "value": "value",
    "itself": "against itself",
    "visible": "visible from",
    "regression": "regression from",
}


def calibrate(run, policy, strict=False):
    """Returns the document: of each metric of each variant the smallest change that a comparison
    with as many pairs sees here."""
    contrasts = contrasts_of(run)
    names_known([run], policy)
    weighed = weigh_all(contrasts, policy)
    for entry in weighed:
        for reasons, code in (
            (entry.not_comparable, EXIT_NOT_COMPARABLE),
            (entry.incomplete, EXIT_INCOMPLETE),
        ):
            if reasons:
                raise ReportError(f"{entry.contrast.title}: {reasons[0]}", code)
    doubts = [line for entry in weighed for line in cannot_tell(entry)]
    doubts += [
        f"{entry.contrast.title}: {judged.rule.metric} differs from itself: {judged.sentence}"
        for entry in weighed
        for judged in entry.metrics
        if judged.rule.gate and judged.verdict not in (NO_CHANGE, INCONCLUSIVE)
    ]
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "scenario": {name: run.plan["scenario"][name] for name in ("name", "title")},
        "policy": {"name": policy.name, "alpha": policy.alpha},
        "run": run_of(run),
        "trusted": not doubts,
        "reasons": doubts,
        "exit_code": EXIT_INCONCLUSIVE if strict and doubts else EXIT_OK,
        "variants": [variant_document(entry) for entry in weighed],
        "notes": notes_of([run], contrasts),
    }


def cannot_tell(entry):
    """That there are too few pairs for some metrics that gate, in a line; empty when not."""
    few = [
        judged
        for judged in entry.metrics
        if judged.rule.gate and judged.verdict == INCONCLUSIVE and is_too_few(judged)
    ]
    if not few:
        return []
    pairs = words.counted(len(entry.contrast.blocks), "pairs")
    names = ", ".join(judged.rule.metric for judged in few)
    needed = max(judged.needed for judged in few)
    return [f"{entry.contrast.title}: {pairs} cannot tell: at least {needed} needed for {names}"]


def is_too_few(judged):
    """Whether no change, however large, would have been seen."""
    return judged.needed is not None and judged.detectable is None


def contrasts_of(run):
    arms = arms_of(run)
    variants = [variant_of(arm) for arm in arms if build_of(arm) == CONTROL]
    variants = [name for name in variants if f"{name}@{BASE}" in arms]
    if not variants:
        raise ReportError(
            f"{run.folder} has no build that was measured twice, VARIANT@{BASE} and "
            f"VARIANT@{CONTROL}; its arms are {', '.join(arms)}: make one with leakbench run "
            "--calibrate"
        )
    return [pair_up(run, f"{name}@{BASE}", f"{name}@{CONTROL}") for name in variants]


def variant_document(entry):
    return {
        "name": words.plain(entry.contrast.title),
        "pairs": len(entry.contrast.blocks),
        "metrics": [metric_document(judged) for judged in entry.metrics if judged.evidence],
    }


def metric_document(judged):
    rule, evidence = judged.rule, judged.evidence
    bounded = not math.isinf(evidence.half_width)
    worse = evidence.up if rule.smaller_is_better else evidence.down
    visible = regression = None
    if bounded or judged.by_values:
        # Values that decide one by one need no interval.
        half_width = evidence.half_width if bounded else 0
        visible = evidence.shown(math.copysign(half_width, worse))
        regression = evidence.shown(worse + math.copysign(half_width, worse))
    interval = evidence.interval
    return {
        "name": rule.metric,
        "gate": rule.gate,
        "exact": rule.exact,
        "value": median(value for value, _ in judged.pairs),
        "scale": evidence.scale,
        "against_itself": {
            "estimate": evidence.shown(interval.estimate),
            "low": evidence.shown(interval.low) if bounded else None,
            "high": evidence.shown(interval.high) if bounded else None,
        },
        "smallest_visible": visible,
        "smallest_regression": regression,
        "text": {
            "against_itself": words.interval(judged),
            "visible": told(judged, visible),
            "regression": told(judged, regression),
        },
    }


def told(judged, change):
    if change is None:
        return "n/a"
    if change == 0:
        return "any"
    if judged.evidence.scale == RELATIVE and judged.evidence.up >= math.log(2):
        # The limit is far more than the value itself, as an absolute one is for a value near zero.
        middle = median(value for value, _ in judged.pairs)
        return f"+{humanize.metric(judged.rule.metric, change * middle)}"
    return words.change_of(judged, change)


def render(document, width):
    """The document as a table for a terminal."""
    scenario, run = document["scenario"]["name"], document["run"]["id"]
    lines = wrapped(f"What this machine can see of {scenario}: {run}, one build twice", width)
    for variant in document["variants"]:
        lines += ["", *wrapped(f"{variant['name']}, {variant['pairs']} pairs", width)]
        lines += table(variant["metrics"])
    lines += ["", *wrapped(EXPLANATION, width)]
    if document["trusted"]:
        lines += wrapped("The build does not differ from itself in any gate metric.", width)
    else:
        lines += wrapped("That the build does not differ from itself is not known:", width)
    lines += [line for reason in document["reasons"] for line in bullet(reason, width)]
    return "\n".join(lines) + "\n"


EXPLANATION = (
    "Visible from: the smallest change that as many pairs tell from none. Regression from: the "
    "smallest that they call one, for which all of the interval has to lie beyond the limit."
)


def table(metrics):
    rows = [TITLES]
    for gate in (True, False):
        found = [row_of(metric) for metric in metrics if metric["gate"] == gate]
        if found and not gate:
            rows.append({name: "" for name in COLUMNS} | {"metric": "for information"})
        rows += found
    widths = {name: max(len(row[name]) for row in rows) for name in COLUMNS}
    lines = ["  ".join(cell(name, row[name], widths[name]) for name in COLUMNS) for row in rows]
    return [line.rstrip() for line in lines]


def cell(name, text, width):
    return text.ljust(width) if name == "metric" else text.rjust(width)


def row_of(metric):
    return {
        "metric": metric["name"],
        "value": humanize.metric(metric["name"], metric["value"]),
        "itself": metric["text"]["against_itself"],
        "visible": metric["text"]["visible"],
        "regression": metric["text"]["regression"],
    }
