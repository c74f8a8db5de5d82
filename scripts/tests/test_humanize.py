"""Numbers read in charts as they read in the table that the harness prints."""

import pytest
from leakbench_report import humanize


@pytest.mark.parametrize(
    "name, value, text",
    [
        ("response_time_mean_ns", 1_930_000_000, "1.93 s"),
        ("response_time_mean_ns", 12_400_000, "12.4 ms"),
        ("cpu_ns_per_request", 8_100, "8.1 us"),
        ("pause_p99_ns", 812, "812 ns"),
        ("pause_p99_ns", 999_900_000, "1 s"),
        ("pause_p99_ns", 999_400_000, "999 ms"),
        ("pause_p99_ns", 0, "0 ns"),
        ("drain_time_ns", 12_345_000_000_000, "12,345 s"),
        ("memory_peak_bytes", 65_326_285, "62.3 MiB"),
        ("memory_peak_bytes", 1023, "1,023 B"),
        ("cpu_percent", 45.0, "45 %"),
        ("cpu_percent", 0.25, "0.25 %"),
        ("throughput_rps", 12_400.4, "12,400/s"),
        ("live_tasks_after", 20_000, "20,000"),
        ("live_tasks_after", 0.5, "0.5"),
        ("leaked_tasks_per_request", 0.3333, "0.333"),
        ("live_tasks_after", None, "n/a"),
    ],
)
def test_a_metric_is_written_with_its_unit(name, value, text):
    assert humanize.metric(name, value) == text


@pytest.mark.parametrize(
    "percent, text",
    [
        (-26.3, "-26 %"),
        (12.0, "+12 %"),
        (-0.2, "0 %"),
        (-99.96, "-99.9 %"),
        (-100, "-100 %"),
        (None, "n/a"),
    ],
)
def test_a_change_has_a_sign_and_does_not_claim_too_much(percent, text):
    assert humanize.change(percent) == text
