"""What `leakbench load --json` prints, checked."""

import json

import jsonschema
from conftest import SOURCE

SCHEMA = json.loads((SOURCE / "schemas/load.schema.json").read_text())


def report_of(finished) -> dict:
    """The JSON report, checked."""
    assert finished.out, finished.err
    return checked(json.loads(finished.out))


def checked(report) -> dict:
    """The same, after checking what holds for every one."""
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    requests = dict(report["requests"])
    assert requests.pop("sent") == sum(requests.values())
    for outcome, times in report["outcomes"].items():
        assert times["response_time_ns"]["count"] == requests[outcome]
    return report


def outcomes_of(report) -> dict:
    return {name: count for name, count in report["requests"].items() if count and name != "sent"}
