"""Which arms have a verdict that their manifest does not expect, and where in the source the tasks
are started that the head has left over and the base has not, or fewer of."""

from pathlib import PurePosixPath

from leakbench_report import humanize, places

from leakbench_compare import words
from leakbench_compare.verdicts import REGRESSION

LEFT_OVER = ("leaked_tasks_per_request", "live_tasks_settled")
TASKS = (*LEFT_OVER, "live_tasks_after")
FIELDS = ("process", "file", "line", "function", "name")
# What count of a leak site says of the tasks there, the fields of a report.
WHEN = {"settled": "left over", "live": "alive at the last response"}
MOST_SAID = 3  # places


def unexpected_arms(summary):
    """The arms with a verdict that nobody expected. Inconclusive is none: where tasks are not
    counted, the other metrics still gate."""
    verdicts = [arm for arm in summary["arms"] if arm["verdict"]["class"] != "inconclusive"]
    return [arm for arm in verdicts if not arm["verdict"]["as_expected"]]


def unexpected_of(contrast):
    """The verdicts of the two sides that are not as expected, base first."""
    found = []
    for name, side in (("base", contrast.base), ("head", contrast.head)):
        for arm in unexpected_arms(side.run.summary) if side.run.summary else []:
            if arm["name"] == side.arm:
                verdict = {field: arm["verdict"][field] for field in ("class", "expected")}
                reason = words.plain(arm["verdict"]["reason"])
                found.append({"side": name, "arm": side.arm, **verdict, "reason": reason})
    return found


def sentence_of(unexpected):
    why = unexpected["reason"].rstrip(".")
    return f"{unexpected['arm']} is {unexpected['class']}, expected {unexpected['expected']}: {why}"


def leak_sites_of(entry):
    """The places that matter to a Weighed, the largest surplus first: of a head whose verdict is
    not as expected all of them, of one that has more tasks than its base those that have more."""
    classes = [each["class"] for each in entry.unexpected if each["side"] == "head"]
    worse = [judged.rule.metric for judged in entry.metrics if judged.verdict == REGRESSION]
    every = any(name != "clean" for name in classes)
    if not every and not any(metric in TASKS for metric in worse):
        return []
    left_over = "leaking" in classes or any(metric in LEFT_OVER for metric in worse)
    when = "settled" if left_over else "live"
    base, head = (tasks_by_site(side, when) for side in (entry.contrast.base, entry.contrast.head))
    found = []
    for site, count in head.items():
        before = base.get(site) or moved(site, base, head)
        if every or count > before:
            found.append({**dict(zip(FIELDS, site)), "when": when, "base": before, "head": count})
    return sorted(found, key=lambda each: (each["base"] - each["head"], -each["head"]))


def tasks_by_site(side, when):
    """The mean of the repetitions' tasks, by the FIELDS of their place. Accepted ones are none."""
    repetitions = side.run.repetitions_of(side.arm)
    totals = {}
    for repetition in repetitions:
        for site in repetition.report["leak_sites"]:
            count = site.get(when)
            # Older files count the tasks at the last response only.
            count = site["live"] if count is None else count
            if count and not site.get("allowed_because"):
                key = key_of(site)
                totals[key] = totals.get(key, 0) + count
    return {site: total / len(repetitions) for site, total in totals.items()}


def key_of(site):
    plain = {name: words.plain(site.get(name) or "") for name in FIELDS if name != "line"}
    plain["file"] = places.path_of(plain["file"])
    return tuple({**plain, "line": site["line"]}[name] for name in FIELDS)


def moved(site, base, head):
    """The base's tasks at places of the same name that the head has not: with every change above
    them lines move, and builds made in different folders have other paths."""
    name = name_of(site)
    gone = (other for other in base if other not in head and name_of(other) == name)
    return sum(base[other] for other in gone)


def name_of(site):
    process, file, _, function, name = site
    return process, PurePosixPath(file).name, function, name


def sentences(entry):
    """The first leak sites of a Weighed, a sentence each."""
    base, head = entry.contrast.base.arm, entry.contrast.head.arm
    lines = [
        f"{head}: {number_of(site['head'])} {WHEN[site['when']]}, started at {place_of(site)}; "
        f"{base}: {number_of(site['base'])}"
        for site in entry.leak_sites[:MOST_SAID]
    ]
    if (more := len(entry.leak_sites) - MOST_SAID) > 0:
        lines.append(f"{head}: {words.counted(more, 'more places')}; all are in the JSON")
    return lines


def number_of(count):
    if count == 0:
        return "none"
    tasks = f"{humanize.number(count)} task{'' if count == 1 else 's'}"
    return tasks if count == int(count) else f"{tasks} on average"


def place_of(site):
    """"cmd/orders/main.go:20 (main.main.func1)", as far as it is known."""
    where = f"{site['file']}:{site['line']}" if site["file"] and site["line"] else site["file"]
    where = f"{where} ({site['name']})" if where else site["name"]
    return f"{where} in {site['process']}" if site["process"] else where
