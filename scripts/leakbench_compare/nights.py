"""Tonight's run against those of the nights before: whether something has become worse, and
whether that lasts.

A night is worse in a metric that gates when it is above the median of the nights before by more
than the policy's limit and what tonight's calibration can see together. It is SUSPECTED the first
time, and CONFIRMED when last night was worse too; what both are held against are the three to ten
nights before last night, of the same scenario, machine and load.
"""

from dataclasses import dataclass
from statistics import median

from leakbench_report import humanize

from leakbench_compare.contrasts import BASE, CONTROL
from leakbench_compare.markdown import row, safe

TOO_FEW, NO_CHANGE, SUSPECTED, CONFIRMED = "TOO FEW NIGHTS", "NO CHANGE", "SUSPECTED", "CONFIRMED"
GRAVEST_FIRST = (CONFIRMED, SUSPECTED, NO_CHANGE, TOO_FEW)
SIGNS = {CONFIRMED: "❌", SUSPECTED: "⚠️", NO_CHANGE: "✅", TOO_FEW: "ℹ️"}
FEWEST, MOST = 3, 10  # nights that the last two are held against
SHORT_COMMIT = 12
# Between two nights they tell more of the machine than of the code.
NOT_JUDGED = ("response_time_",)
COLUMNS = ("variant", "metric", "nights before", "last night", "tonight", "limit", "")


@dataclass(frozen=True)
class Finding:
    """One metric of one variant."""

    variant: str
    metric: str
    state: str
    usual: float = None  # Median of the nights before
    last: float = None
    tonight: float = None
    limit: float = None  # The largest change that is not worse, in the metric's unit
    since: tuple = None  # The commits of the last night that was not worse and the next


def judge(entries, calibration, policy):
    """The Finding of each metric; the last of the entries is tonight's, and the calibration is."""
    rules = {rule.metric: rule for rule in policy.rules}
    return [
        finding_of(entries, variant["name"], metric, rules[metric["name"]])
        for variant in calibration["variants"]
        for metric in variant["metrics"]
        if metric["gate"] and not metric["name"].startswith(NOT_JUDGED)
    ]


def alike(entries):
    """The entries of the same scenario, machine and load as the last."""
    names = ("scenario", "machine", "load")
    return [entry for entry in entries if all(entry[n] == entries[-1][n] for n in names)]


def finding_of(entries, variant, metric, rule):
    values = [(value_of(entry, variant, rule), entry) for entry in alike(entries)]
    values = [(value, entry["git_commit"]) for value, entry in values if value is not None]
    before = [value for value, _ in values[:-2]][-MOST:]
    if len(before) < FEWEST or metric["smallest_visible"] is None:
        return Finding(variant, rule.metric, TOO_FEW, tonight=values[-1][0] if values else None)
    usual = median(before)
    unit = (usual or metric["value"]) if metric["scale"] == "relative" else 1
    limit = rule.margin(usual) + abs(metric["smallest_visible"] * unit)
    sign = 1 if rule.smaller_is_better else -1
    worse = [sign * (value - usual) > limit for value, _ in values]
    state = (CONFIRMED if worse[-2] else SUSPECTED) if worse[-1] else NO_CHANGE
    good = max((place for place, bad in enumerate(worse) if not bad), default=None)
    since = (values[good][1], values[good + 1][1]) if worse[-1] and good is not None else None
    return Finding(
        variant, rule.metric, state, usual, values[-2][0], values[-1][0], limit, since
    )


def value_of(entry, variant, rule):
    """What a night measured. It measured one build twice; the better of the two counts."""
    names = (f"{variant}@{BASE}", f"{variant}@{CONTROL}")
    spreads = [arm["spreads"].get(rule.metric) for arm in entry["arms"] if arm["name"] in names]
    medians = [spread["median"] for spread in spreads if spread and spread["median"] is not None]
    return (min if rule.smaller_is_better else max)(medians, default=None)


def state_of(findings):
    states = {finding.state for finding in findings}
    return next((state for state in GRAVEST_FIRST if state in states), TOO_FEW)


def sentences(findings):
    """What became worse, a sentence each."""
    found = []
    for each in findings:
        if each.state in (CONFIRMED, SUSPECTED):
            name = f"{each.variant}: {each.metric} {told(each, each.usual)} before"
            nights = f"{told(each, each.last)} last night, {told(each, each.tonight)} tonight"
            came = ""
            if each.since and None not in each.since:
                came = " between {} and {}".format(*(c[:SHORT_COMMIT] for c in each.since))
            found.append(f"{each.state}: {name}, {nights}; it came{came or ' lately'}")
    return found


def told(finding, value):
    return humanize.metric(finding.metric, value)


def render(entries, findings, calibration_table):
    """The night as Markdown, for the summary of a job or an issue."""
    tonight, state = entries[-1], state_of(findings)
    before = len(alike(entries)) - 1
    commit = (tonight["git_commit"] or "unknown")[:SHORT_COMMIT]
    machine = tonight["machine"]["cpu_model"] or "an unknown processor"
    lines = [f"### {SIGNS[state]} leakbench, nightly: {state}", ""]
    nights = f"{before} earlier night{'' if before == 1 else 's'}"
    lines += [
        safe(f"{tonight['scenario']} of {commit} on {machine}; {nights} of the same scenario,"),
        f"machine and load ({FEWEST + 2} with tonight's are needed to tell).",
        "",
        *(f"- {safe(sentence)}" for sentence in sentences(findings)),
        "",
        row(COLUMNS),
        row(["---", "---", *["--:"] * 4, "---"]),
    ]
    for each in findings:
        values = (told(each, value) for value in (each.usual, each.last, each.tonight))
        limit = "n/a" if each.limit is None else f"+{told(each, each.limit)}"
        lines.append(row(map(safe, (each.variant, each.metric, *values, limit, each.state))))
    # Indented it is code, whatever it holds.
    lines.append("")
    lines += [f"    {line}".rstrip() for line in calibration_table.splitlines()]
    return "\n".join(lines) + "\n"
