"""Load generators: how each is called, and how many requests it says were answered."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

from leakbench_bench import wrk
from leakbench_bench.builds import first_line_of
from leakbench_bench.processes import MeasurementError, output_of

# More than any of them sends in a second; ab has room for the times of so many, and touches what
# it uses.
AB_MOST_PER_SECOND = 400_000


@dataclass(frozen=True)
class Client:
    name: str
    # The command for a URL, a number of connections and a number of seconds.
    command: Callable
    # Requests and seconds in what it printed; MeasurementError if not all went well.
    answered: Callable
    # Bytes, of what it printed, where it says how much memory it had.
    memory_peak: Callable = lambda output: 0


@dataclass(frozen=True)
class Peer:
    client: Client
    program: str
    package: str
    version_option: str

    def version(self):
        """None where it is not installed."""
        line = first_line_of(shutil.which(self.program), self.version_option)
        found = re.search(r"\d+\.\d[\w.+~/-]*", line or "")
        return found[0] if found else line


def h2load_command(url, connections, seconds):
    return ["h2load", "--h1", "-t", 1, "-c", connections, "-D", seconds, url]


def h2load_answered(output):
    """It counts, and its clock runs, once all of its connections are open."""
    done = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) tim", output)
    rate = re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", output)
    if done is None or rate is None:
        raise MeasurementError("h2load printed no number of requests")
    requests, succeeded, *bad = map(int, done.groups())
    if any(bad) or succeeded != requests or float(rate[1]) <= 0:
        raise MeasurementError(f"h2load: {done[0]}eout, {rate[1]} req/s")
    return requests, requests / float(rate[1])


def ab_command(url, connections, seconds):
    # -n behind -t, which else would mean 50,000 requests.
    most = seconds * AB_MOST_PER_SECOND
    return ["ab", "-k", "-q", "-c", connections, "-t", seconds, "-n", most, url]


def ab_answered(output):
    counts = dict(re.findall(r"^([A-Z][\w -]+):\s+([\d.]+)", output, re.MULTILINE))
    try:
        requests = int(counts["Complete requests"])
        seconds = float(counts["Time taken for tests"])
        kept = int(counts["Keep-Alive requests"])
    except KeyError as error:
        raise MeasurementError(f"ab printed no {error.args[0]!r}") from error
    for what in ("Failed requests", "Write errors", "Non-2xx responses"):
        if counts.get(what, "0") != "0":
            raise MeasurementError(f"ab: {what}: {counts[what]}")
    if kept != requests:
        raise MeasurementError(f"ab: {requests - kept} of {requests} connections not kept alive")
    return requests, seconds


PEERS = (
    Peer(Client("wrk", wrk.command, wrk.answered), "wrk", "wrk", "-v"),
    Peer(
        Client("h2load --h1", h2load_command, h2load_answered),
        "h2load",
        "nghttp2-client",
        "--version",
    ),
    Peer(Client("ab -k", ab_command, ab_answered), "ab", "apache2-utils", "-V"),
)

ENGINES = ("epoll", "io_uring")
# How the line on stderr begins that leakbench writes when it has opened its connections.
CONNECTED_LINE = "connect "


def leakbench_command(binary, engine, connections, url, *options):
    return [binary, "load", "--engine", engine, "--connections", connections, "--json"] + [
        *options,
        url,
    ]


def leakbench(binary, engine):
    """`leakbench load` as a client beside the others."""

    def command(url, connections, seconds):
        return leakbench_command(binary, engine, connections, url, "--duration", f"{seconds}s")

    def answered(output):
        report = leakbench_report(output, engine)
        seconds = report["duration_ns"] / 1e9
        # Not `ok`, which also has what came when the time was over.
        return round(report["throughput_rps"] * seconds), seconds

    def memory_peak(output):
        return memory_peak_in(leakbench_report(output, engine))

    return Client(f"leakbench, {engine}", command, answered, memory_peak)


def floor_name(engine):
    return f"floor, {engine}"


def floor(binary, engine):
    """benchmark_client: a receive and a send for each request, and nothing else."""

    def command(url, connections, seconds):
        return [binary, engine, urlsplit(url).port, connections, seconds]

    def answered(output):
        found = re.fullmatch(r"(\d+) answers in ([\d.]+) s", output.strip())
        if found is None:
            raise MeasurementError(f"benchmark_client printed {output.strip()[:60]!r}")
        return int(found[1]), float(found[2])

    return Client(floor_name(engine), command, answered)


def leakbench_report(output, engine):
    """What it printed, if each request was answered as it should be."""
    try:
        report = json.loads(output)
    except json.JSONDecodeError as error:
        raise MeasurementError(f"leakbench printed no JSON: {output.strip()[:60]}") from error
    if report["generator"]["engine"] != engine:
        raise MeasurementError(f"leakbench used {report['generator']['engine']}, not {engine}")
    counts, connections = report["requests"], report["connections"]
    bad = {name: count for name, count in counts.items() if name not in ("sent", "ok") and count}
    if bad or counts["ok"] == 0:
        said = ", ".join(f"{count} {name}" for name, count in bad.items())
        raise MeasurementError(f"leakbench: {counts['ok']} ok, {said or 'nothing else'}")
    if connections["established"] != connections["asked"] or connections["reconnects"]:
        raise MeasurementError(
            f"leakbench: {connections['established']} of {connections['asked']} connections "
            f"established, {connections['reconnects']} opened again"
        )
    return report


def memory_peak_in(report):
    """Bytes, 0 if it does not say. It looks when the load is over, which may be missed from
    outside."""
    return report["generator"].get("memory_peak_bytes") or 0


def why_no_engine(binary, engine):
    """What keeps leakbench from using it here; None if nothing does."""
    # Nothing listens at port 1; an engine that is not there is found before that is.
    command = leakbench_command(binary, engine, 1, "http://127.0.0.1:1/", "--requests", 1)
    try:
        output_of(command)
    except MeasurementError as error:
        return str(error) if "exit code 8" in str(error) else None
    return None


def program_in(folder):
    return Path(folder) / "leakbench"
