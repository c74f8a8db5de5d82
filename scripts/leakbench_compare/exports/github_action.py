"""github-action-benchmark's `customSmallerIsBetter`: the medians of the head, whose history it
keeps. Metrics of which more is better do not belong in such a file and are left out."""

import json

from leakbench_report.errors import ReportError

from leakbench_compare.exports.arms import arms_of, unit_of


def render(document):
    scenario = document["scenario"]["name"]
    entries = [
        {
            "name": f"{scenario}/{arm.variant}/{name}",
            "unit": unit_of(name),
            "value": metric["median"],
            "range": range_of(metric["values"]),
            "extra": extra_of(document, metric["values"]),
        }
        for arm in arms_of(document)
        if arm.is_head
        for name, metric in arm.metrics.items()
        if metric["median"] is not None and arm.better[name] == "smaller"
    ]
    if not entries:
        raise ReportError("nothing to export to github-action-benchmark: no metric was compared")
    return json.dumps(entries, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def range_of(values):
    """"± 1200": half of what lies between the smallest and the largest repetition."""
    known = [value for value in values if value is not None]
    return f"± {(max(known) - min(known)) / 2:.6g}"


def extra_of(document, values):
    known = " ".join(f"{value:.10g}" for value in values if value is not None)
    return f"median of {known}\nrun {document['head_run']['id']}"
