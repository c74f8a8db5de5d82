"""From the verdicts on single metrics to the one of the comparison, and to its exit code."""

from leakbench_report.errors import (
    EXIT_INCOMPLETE,
    EXIT_INCONCLUSIVE,
    EXIT_NOT_COMPARABLE,
    EXIT_OK,
    EXIT_REGRESSION,
    EXIT_UNEXPECTED_VERDICT,
)

from leakbench_compare import leaks
from leakbench_compare.verdicts import (
    IMPROVED,
    INCONCLUSIVE,
    NO_CHANGE,
    NOT_COMPARABLE,
    REGRESSION,
    SMALL_CHANGE,
)

INCOMPLETE = "INCOMPLETE"
NOT_AS_EXPECTED = "NOT AS EXPECTED"
NOT_TRUSTED = "NOT TRUSTED"
# All reasons for these are said, whichever of them is the verdict.
ALARMING = (REGRESSION, NOT_COMPARABLE, INCOMPLETE, NOT_AS_EXPECTED, NOT_TRUSTED)
# The first that there is a reason for is the verdict of the comparison.
PRECEDENCE = (*ALARMING, INCONCLUSIVE, SMALL_CHANGE, IMPROVED)


def conclude(weighed, control, gating, strict):
    """Returns the fields trusted, verdict, exit_code and reasons of the document, and marks the
    metrics that fail."""
    untrusted = [
        (entry, judged)
        for entry in control
        for judged in gates(entry)
        if judged.verdict in (REGRESSION, IMPROVED, SMALL_CHANGE)
    ]
    found = {
        verdict: [
            reason(entry, judged)
            for entry in weighed
            for judged in gates(entry)
            if judged.verdict == verdict
        ]
        for verdict in (INCONCLUSIVE, SMALL_CHANGE, IMPROVED)
    }
    found[REGRESSION] = []
    for entry in weighed:
        for judged in gates(entry):
            if judged.verdict == REGRESSION and believable(judged, untrusted):
                judged.fails = gating
                found[REGRESSION].append(reason(entry, judged))
    found[NOT_COMPARABLE] = incomparable(weighed)
    found[INCOMPLETE] = [
        f"{entry.contrast.title}: {gap}" for entry in weighed for gap in entry.incomplete
    ]
    # Of the base it is no reason: a head that mends a leak is what everybody waits for.
    found[NOT_AS_EXPECTED] = [
        leaks.sentence_of(each)
        for entry in weighed
        for each in entry.unexpected
        if each["side"] == "head"
    ]
    found[NOT_TRUSTED] = [
        f"{entry.contrast.title}: {entry.contrast.head.arm} is {entry.contrast.base.arm} again, "
        f"and yet {judged.rule.metric} differs: {judged.sentence}"
        for entry, judged in untrusted
    ]
    verdict = next((name for name in PRECEDENCE if found[name]), NO_CHANGE)
    alarming = [line for name in ALARMING for line in found[name]]
    places = [line for entry in weighed for line in leaks.sentences(entry)]
    return {
        "trusted": trust(control, untrusted),
        "verdict": verdict,
        "exit_code": exit_code(found, gating, strict),
        "reasons": (alarming or found.get(verdict, [])) + places,
    }


def exit_code(found, gating, strict):
    if found[REGRESSION] and gating:
        return EXIT_REGRESSION
    if found[NOT_COMPARABLE]:
        return EXIT_NOT_COMPARABLE
    if found[INCOMPLETE]:
        return EXIT_INCOMPLETE
    if found[NOT_AS_EXPECTED] and gating:
        return EXIT_UNEXPECTED_VERDICT
    if strict and gating and (found[NOT_TRUSTED] or found[INCONCLUSIVE]):
        return EXIT_INCONCLUSIVE
    return EXIT_OK


def gates(entry):
    return [judged for judged in entry.metrics if judged.rule.gate]


def reason(entry, judged):
    return f"{entry.contrast.title}: {judged.rule.metric} {judged.sentence}"


def believable(judged, untrusted):
    """Where the machine makes the same server differ from itself, only counts that do not depend on
    the machine are still believed."""
    if not untrusted:
        return True
    disturbed = {other.rule.metric for _, other in untrusted}
    return judged.rule.exact and judged.rule.metric not in disturbed


def incomparable(weighed):
    found = [
        f"{entry.contrast.title}: {why}" for entry in weighed for why in entry.not_comparable
    ]
    for entry in weighed:
        found += [reason(entry, j) for j in gates(entry) if j.verdict == NOT_COMPARABLE]
        measured = entry.metrics or entry.not_measured
        if measured and not gates(entry):
            found.append(f"{entry.contrast.title}: no metric that gates was measured")
    return found


def trust(control, untrusted):
    """None where there is no control, or none that could be judged."""
    if untrusted:
        return False
    judged = [entry for entry in control if gates(entry)]
    return True if judged and len(judged) == len(control) else None
