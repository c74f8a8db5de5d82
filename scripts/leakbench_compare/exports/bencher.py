"""Bencher Metric Format: the medians of the head with the interval of the median, which is left out
where there are too few repetitions for one."""

import json

from leakbench_report.errors import ReportError

from leakbench_compare.exports.arms import arms_of
from leakbench_compare.rank_tests import median_interval


def render(document):
    scenario, alpha = document["scenario"]["name"], document["policy"]["alpha"]
    benchmarks = {}
    for arm in arms_of(document):
        if arm.is_head:
            benchmarks[f"{scenario}/{arm.variant}"] = {
                # Bencher's slugs have hyphens.
                name.replace("_", "-"): metric_of(metric, alpha)
                for name, metric in arm.metrics.items()
                if metric["median"] is not None
            }
    if not benchmarks:
        raise ReportError("nothing to export to bencher: no metric was compared")
    return json.dumps(benchmarks, indent=2, allow_nan=False) + "\n"


def metric_of(metric, alpha):
    values = [value for value in metric["values"] if value is not None]
    ends = median_interval(values, alpha)
    document = {"value": metric["median"]}
    if ends:
        document.update(zip(("lower_value", "upper_value"), ends))
    return document
