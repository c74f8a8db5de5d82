"""The policy: which metrics are compared, which of them gate, and how large a change counts."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from leakbench_report.errors import ReportError
from leakbench_report.json_files import read_document, validator_of

from leakbench_compare.words import plain

DEFAULT_POLICY = Path(__file__).resolve().parents[1] / "policies" / "default.json"


@dataclass(frozen=True)
class Rule:
    """What the policy says about one metric."""

    metric: str
    smaller_is_better: bool
    gate: bool
    # Whether a server that does the same has the same value every time, as counts of leaks do.
    exact: bool
    # A change counts when it is larger than both.
    relative: float  # share of the base's median
    absolute: float  # in the metric's unit

    def margin(self, middle):
        """The largest change that does not count, in the metric's unit, where the base has the
        median `middle`."""
        return max(self.absolute, self.relative * abs(middle))


@dataclass(frozen=True)
class Policy:
    name: str
    alpha: float
    fewest_repetitions: int
    failed_repetitions: int
    failed_requests_share: float
    rules: tuple


def read_policy(path):
    """Returns the policy in the file `path`; raises ReportError when it is not one."""
    document = read_document(path, "policy", strict=True)
    # A gate on a metric that nothing has, as after a typing error, would always pass.
    known = list(validator_of("repetition").schema["$defs"]["metrics"]["properties"])
    for metric in document["metrics"]:
        if metric not in known:
            meant = difflib.get_close_matches(metric, known, n=1)
            hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(known)}"
            raise ReportError(f"{path} has an unknown metric {plain(metric)}: {hint}")
    return Policy(
        document["name"],
        document["alpha"],
        document["fewest_repetitions"],
        document["failed_repetitions"],
        document["failed_requests_share"],
        tuple(rule_of(metric, fields) for metric, fields in document["metrics"].items()),
    )


def rule_of(metric, fields):
    return Rule(
        metric,
        fields["better"] == "smaller",
        fields["gate"],
        fields["exact"],
        fields["margin"]["relative"],
        fields["margin"]["absolute"],
    )
