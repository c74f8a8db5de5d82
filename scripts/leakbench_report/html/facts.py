"""What is known of a run beside its results: plan, machine, repetitions, and the metrics behind the
table. What a field is called for people is its description in the schema."""

import json
import re

from leakbench_report import humanize
from leakbench_report.charts import Table
from leakbench_report.json_files import validator_of
from leakbench_report.medians import median_of
from leakbench_report.run_folder import IN_WORDS

FORMAT = re.compile(r"; |, (?:ISO 8601|nanoseconds|bytes|count)\b")


def plan_table(run):
    fields = {
        **{name: run.plan[name] for name in ("started_utc", "finished_utc", "seed")},
        **{k: v for k, v in run.plan["plan"].items() if k not in ("variants", "order")},
    }
    if run.plan["status"] == "running":
        fields["finished_utc"] = IN_WORDS["running"]
    schema = validator_of("run").schema["properties"]
    return described({**schema, **schema["plan"]["properties"]}, fields)


def environment_table(run):
    schema = validator_of("run").schema["properties"]["environment"]["properties"]
    return described(schema, run.plan["environment"])


def described(schema, fields):
    rows = [
        [title_of(schema.get(name, {}).get("description", name)), text_of(name, value)]
        for name, value in fields.items()
    ]
    return Table([("what", str), ("value", str)], rows)


def title_of(description):
    """Returns the description of a field without what it says about the file's format."""
    return FORMAT.split(description)[0]


def text_of(name, value):
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)) and name != "seed":
        return humanize.metric(name, value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value) or "none"


def variants_table(run):
    rows = [
        [
            variant["name"],
            variant["expect"],
            ", ".join(f"{name} {value}" for name, value in variant["options"].items()),
        ]
        for variant in run.plan["plan"]["variants"]
    ]
    return Table([("variant", str), ("expected", str), ("options", str)], rows)


def repetitions_table(run):
    """One row for each planned repetition, with what came of it."""
    reports = {repetition.index: repetition.report for repetition in run.repetitions}
    rows = [
        [
            entry["index"], entry["block"], entry["arm"],
            IN_WORDS.get(entry["status"], entry["status"]),
            *outcome(reports.get(entry["index"])), entry["error"] or "",
        ]
        for entry in run.plan["repetitions"]
    ]
    columns = [
        ("#", str), ("block", str), ("arm", str), ("status", str), ("verdict", str),
        ("requests", humanize.count), ("answered 2xx", humanize.count),
        ("other outcomes", str), ("generator CPU", humanize.duration), ("error", str),
    ]
    return Table(columns, rows)


def outcome(report):
    if report is None:
        return [None] * 5
    requests = report["load"]["requests"]
    others = [
        f"{name} {humanize.count(number)}"
        for name, number in requests.items()
        if name not in ("sent", "ok") and number
    ]
    return [
        report["verdict"]["class"], requests["sent"], requests["ok"],
        ", ".join(others) or "none", report["load"]["generator"]["cpu_ns"],
    ]


def metrics_table(run):
    """Every metric of every arm, with its range over the complete repetitions."""
    schema = validator_of("repetition").schema["$defs"]["metrics"]["properties"]
    arms = run.arms()
    rows = [
        [name, *(spread_of(run, arm, name) for arm in arms), title_of(field["description"])]
        for name, field in schema.items()
    ]
    return Table([("metric", str), *((arm, str) for arm in arms), ("what it is", str)], rows)


def spread_of(run, arm, name):
    """Returns "143 ms (136 ms to 156 ms)", None when it was not measured."""
    values = [repetition.report["metrics"].get(name) for repetition in run.repetitions_of(arm)]
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, middle, high = (
        humanize.metric(name, value) for value in (min(known), median_of(known), max(known))
    )
    return middle if low == high == middle else f"{middle} ({low} to {high})"
