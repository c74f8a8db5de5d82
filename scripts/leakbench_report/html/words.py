"""The verdict of a run in words."""

from collections import Counter
from dataclasses import dataclass

from leakbench_report import humanize
from leakbench_report.places import place_of

VERBS = {
    "clean": "is clean",
    "lingering": "lingers",
    "leaking": "leaks",
    "inconclusive": "is inconclusive",
}
MEANINGS = {
    "clean": "no task outlived its request for long",
    "lingering": "tasks outlived their requests, and ended later by themselves",
    "leaking": "tasks were still there when the longest legitimate one should have ended",
    "inconclusive": "it cannot be told",
}


@dataclass
class Verdict:
    """What is known of one arm; `kind` is None when no repetition of it was completed."""

    arm: str
    kind: str
    expected: str
    as_expected: bool
    reason: str

    @property
    def meaning(self):
        return MEANINGS.get(self.kind, "no repetition was completed")

    def clause(self):
        if self.kind is None:
            return f"{self.arm} has no result"
        text = f"{self.arm} {VERBS[self.kind]}"
        return text if self.as_expected else f"{text} (expected {self.expected})"


def verdicts_of(run):
    """Returns the verdict of every arm of the plan, and of every other arm that has results."""
    known = from_summary(run) if run.summary else from_repetitions(run)
    expected = {variant["name"]: variant["expect"] for variant in run.plan["plan"]["variants"]}
    for arm in expected:
        if arm not in known:
            known[arm] = Verdict(arm, None, expected[arm], False, why_nothing(run, arm))
    return [known[arm] for arm in dict.fromkeys([*expected, *known])]


def from_summary(run):
    return {
        arm["name"]: verdict(arm["name"], arm["verdict"])
        for arm in run.summary["arms"]
        if arm["repetitions"] > 0
    }


def verdict(arm, report):
    return Verdict(
        arm, report["class"], report["expected"], report["as_expected"], report["reason"]
    )


def from_repetitions(run):
    """A run that was cut short has no summary; its finished repetitions have verdicts of their
    own."""
    found = {}
    for arm in run.arms():
        repetitions = run.repetitions_of(arm)
        kinds = Counter(repetition.report["verdict"]["class"] for repetition in repetitions)
        last = verdict(arm, repetitions[-1].report["verdict"])
        if len(kinds) > 1:
            last.kind, last.as_expected = "inconclusive", False
            counts = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
            last.reason = f"The repetitions disagree: {counts}."
        found[arm] = last
    return found


def why_nothing(run, arm):
    errors = [entry["error"] for entry in run.plan["repetitions"] if entry["arm"] == arm]
    first = next((error for error in errors if error), None)
    return f"The first error: {first}" if first else "No repetition of it was completed."


def origins_of(run, verdicts):
    """Returns {arm: the first place that started tasks which outlived their requests}, and of how
    many: the report has the fastest growing first."""
    found = {}
    for each in verdicts:
        if each.kind in ("lingering", "leaking") and each.arm in run.arms():
            sites = run.repetitions_of(each.arm)[-1].report["leak_sites"]
            places = [place_of(s) for s in sites if not s.get("allowed_because")]
            if places:
                found[each.arm] = places[0], len(places)
    return found


def title(run, verdicts):
    """Returns the verdict of the whole run in one line."""
    if not run.repetitions:
        return f"No result: {progress(run)}"
    wrong = [each for each in verdicts if not each.as_expected]
    opening = "Not as expected" if wrong else "As expected"
    text = f"{opening}: {', '.join(each.clause() for each in wrong + right(verdicts))}"
    whole = run.plan["status"] == "complete" and not run.lost
    return text if whole else f"Incomplete run. {text}"


def right(verdicts):
    return [each for each in verdicts if each.as_expected]


def progress(run):
    """Returns "6 of 6 repetitions complete", and whether the run never ended."""
    complete = humanize.count(len(run.repetitions))
    planned = humanize.count(len(run.plan["repetitions"]))
    text = f"{complete} of {planned} repetitions complete"
    return f"{text}, and the run never ended" if run.plan["status"] == "running" else text
