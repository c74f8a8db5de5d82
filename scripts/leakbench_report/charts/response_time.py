"""Response time by percentile."""

from leakbench_report.charts.percentiles import Kind, Words, curve_of, draw_percentiles
from leakbench_report.medians import in_words

WORDS = Words(
    "Response time by percentile",
    "percentile of the requests [%]",
    "response time",
    "Bold: median over the repetitions at each percentile; thin: each repetition. "
    "Both axes are logarithmic.",
)


def draw_response_time(run, medium):
    kinds = [Kind("", lambda rep: curve_of(rep.report["response_time"]["percentiles"]))]
    return draw_percentiles(run, medium, kinds, WORDS, lambda arm: describe(run, arm))


def describe(run, arm):
    half, most = (in_words(run, arm, f"response_time_{name}_ns") for name in ("p50", "p99"))
    return f"half of the requests within {half}, 99 % within {most}"
