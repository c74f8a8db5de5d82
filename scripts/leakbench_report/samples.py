"""The timeline of one repetition: samples/NNN_ARM.csv."""

import csv
import re

from leakbench_report.errors import ReportError
from leakbench_report.json_files import reason_of, shortened, whole_number

COUNTS = (
    "live_tasks",
    "requests_in_flight",
    "connections_open",
    "heap_in_use_bytes",
    "rss_bytes",
    "memory_peak_bytes",
    "cpu_ns",
    "threads",
    "fds",
)
COLUMNS = ("t_ns", "phase", "round", *COUNTS)
# Columns that files of older versions do not have.
LATER_COUNTS = (
    "voluntary_switches",
    "involuntary_switches",
    "run_queue_wait_ns",
    "stolen_ns",
    "generator_cpu_ns",
    "responses_ok",
    "response_time_p50_ns",
    "response_time_p99_ns",
    "response_time_max_ns",
)
LATER_PERCENTS = ("cpu_pressure_percent", "memory_pressure_percent", "io_pressure_percent")
PHASES = ("idle", "warm-up", "connect", "load", "drain", "settle")


def read_samples(path):
    """Returns the samples of `path` as dicts by column, in time order; None where not measured,
    which is also what a column reads as that the file does not have yet."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return parse_samples(path, csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReportError(f"cannot read {path}: {reason_of(error)}") from error


def parse_samples(path, rows):
    header = next(rows, [])
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ReportError(f"{path} is not a samples file: line 1 has no column {missing[0]}")
    samples = []
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ReportError(
                f"{path} is truncated or damaged: "
                f"line {number} has {len(row)} fields, not {len(header)}"
            )
        sample = parse_sample(f"{path}, line {number}", dict(zip(header, row)))
        if samples and sample["t_ns"] < samples[-1]["t_ns"]:
            raise ReportError(f"{path}, line {number}: t_ns goes back in time")
        samples.append(sample)
    return samples


def parse_sample(where, row):
    if row["phase"] not in PHASES:
        raise ReportError(f"{where}: phase is '{row['phase']}', not one of {', '.join(PHASES)}")
    sample = {name: count_of(where, name, row[name]) for name in ("t_ns", "round")}
    for name in (*COUNTS, *LATER_COUNTS):
        sample[name] = count_of(where, name, row[name]) if row.get(name) else None
    for name in LATER_PERCENTS:
        sample[name] = percent_of(where, name, row[name]) if row.get(name) else None
    return {**sample, "phase": row["phase"]}


def count_of(where, name, text):
    if not (text.isascii() and text.isdecimal()):
        raise ReportError(f"{where}: {name} is '{shortened(text, 40)}', not a whole number")
    try:
        return whole_number(text)
    except ValueError as error:
        raise ReportError(f"{where}: {name}: {error}") from error


def percent_of(where, name, text):
    # Not float() alone: it takes "nan", "1_0" and " 5".
    if not re.fullmatch(r"\d{1,3}(\.\d{1,9})?", text, re.ASCII) or float(text) > 100:
        raise ReportError(f"{where}: {name} is '{shortened(text, 40)}', not a number from 0 to 100")
    return float(text)
