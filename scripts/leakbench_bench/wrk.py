"""How wrk is called, and what it prints."""

import re

from leakbench_bench.processes import MeasurementError


def command(url, connections, seconds):
    """One thread. What waits longer than the timeout would be left out of its figures."""
    return ["wrk", "-t", 1, "-c", connections, "-d", f"{seconds}s", "--timeout", "10s", url]


def answered(output):
    """How many requests were answered, and in how many seconds, if all of them were answered as
    they should be."""
    errors = re.search(r"Socket errors: (.*)", output)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    if errors or refused:
        raise MeasurementError(f"wrk: {(errors or refused).group(0)}")
    found = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m|h)", output)
    if found is None:
        raise MeasurementError("wrk printed no number of requests")
    seconds = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}[found[3]]
    return int(found[1]), float(found[2]) * seconds
