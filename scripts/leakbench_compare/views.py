"""What the terminal, Markdown and JUnit say in the same words. Every view is made from the
document of comparison.py alone."""

from leakbench_report import humanize

from leakbench_compare import leaks

SIDES = ("base", "head")
VERDICTS = {
    "REGRESSION": "worse, surely, and by more than the limit",
    "IMPROVED": "better, surely, and by more than the limit",
    "NO CHANGE": "within the limit, surely",
    "SMALL CHANGE": "changed, surely, but perhaps within the limit",
    "INCONCLUSIVE": "too noisy or too few repetitions to tell",
    "NOT COMPARABLE": "not the same work, machine or build, or not measured on both sides",
    "INCOMPLETE": "too little of the run is there",
    "NOT AS EXPECTED": "the head leaks where its manifest expects it not to, or does not where it "
    "should",
    "NOT TRUSTED": "the same server differs from itself on this machine",
}


def headline(document):
    """What was held against what."""
    scenario = document["scenario"]["name"]
    base, head = (document[side]["id"] for side in ("base_run", "head_run"))
    if document["design"] == "unpaired":
        return f"{scenario}: {base} -> {head}, not paired: drift is not controlled"
    return f"{scenario}: {base}, arms paired by block"


def method(document):
    alpha = 100 * document["policy"]["alpha"]
    test = "signed-rank" if document["design"] == "paired" else "rank-sum"
    gating = "" if document["gating"] else "; does not gate (--gate-unpaired lets it)"
    return (
        f"Hodges-Lehmann estimates, exact {test} intervals of {confidence(document)}, "
        f"policy {document['policy']['name']}: a false alarm among all gate metrics "
        f"{alpha:g} % at the most (Holm){gating}"
    )


def columns_told(document):
    """What each column of the tables is; None where there are none."""
    if not any(comparison["metrics"] for comparison in document["comparisons"]):
        return None
    paired = document["design"] == "paired"
    within = "within the pairs" if paired else "from each base to each head repetition"
    return (
        "base and head: medians of the repetitions; change: the middle of the changes "
        f"{within} (Hodges-Lehmann), which on a noisy machine is not the change of the medians; "
        "limit: the largest change for the worse that does not count"
    )


def confidence(document):
    return f"{100 * (1 - document['policy']['alpha']):g} %"


def title_of(comparison):
    """"with-context@base -> with-context@head, 10 pairs"."""
    base, head = comparison["base_arm"], comparison["head_arm"]
    complete, planned = comparison["complete"], comparison["planned"]
    if comparison["blocks"] is not None:
        found, wanted = len(comparison["blocks"]), min(planned.values())
        count = f"{found} pair{'' if found == 1 else 's'}"
        count += "" if found == wanted else f" of {wanted}"
    else:
        count = f"{complete['base']} and {complete['head']} repetitions"
    return f"{base} -> {head}, {count}"


def cells(metric):
    """The columns of a metric's row, by name."""
    base, head = (humanize.metric(metric["name"], metric[side]["median"]) for side in SIDES)
    return {
        "metric": metric["name"],
        "base": base,
        "head": head,
        "change": metric["text"]["change"],
        "interval": metric["text"]["interval"],
        "limit": metric["text"]["limit"],
        "verdict": metric["verdict"] or "-",
    }


def all_metrics(comparison, gate):
    return [metric for metric in comparison["metrics"] if metric["gate"] == gate]


def remarks(document, comparison):
    """What neither the rows nor the reasons say, one line each."""
    gates = all_metrics(comparison, gate=True)
    lines = [
        f"{metric['name']} {metric['sentence']}"
        for metric in gates
        if metric["verdict"] != "NO CHANGE"
    ]
    lines = [line for line in lines if f"{comparison['title']}: {line}" not in document["reasons"]]
    lines += [
        f"{metric['name']}: pairs that lie far from the others, in block "
        + ", ".join(map(str, metric["odd_blocks"]))
        for metric in gates
        if metric["odd_blocks"] and metric["verdict"] != "NO CHANGE"
    ]
    # Of the head it is a reason.
    unexpected = [each for each in comparison["unexpected"] if each["side"] == "base"]
    lines += map(leaks.sentence_of, unexpected)
    missing = [metric["name"] for metric in comparison["not_measured"]]
    return lines + ([f"measured in neither arm: {', '.join(missing)}"] if missing else [])


def trust_sentence(document):
    if document["trusted"] is None:
        return None
    if document["trusted"]:
        return "Control: the second base does not differ from the first."
    return "Control: the second base differs from the first. This comparison is not to be trusted."
