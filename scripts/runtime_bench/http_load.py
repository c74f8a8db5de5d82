"""Three servers that answer with two bytes, and wrk: CPU of the server per request."""

import contextlib
import os
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from runtime_bench.programs import MeasurementError, output_of
from runtime_bench.results import Sample

SPARE_DESCRIPTORS = 100
READY_SECONDS = 10

NGINX_CONFIG = """\
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {descriptors}; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=65535;
    default_type text/plain;
    location / {{ return 200 "ok"; }}
  }}
}}
"""


def find_nginx():
    """Debian puts it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def raise_descriptor_limit():
    """As far as it goes for this process and its children; returns how far."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return 2**31 if hard == resource.RLIM_INFINITY else hard


class Load:
    """wrk on the second core, servers on the first.

    Opening ten thousand connections costs a server as much as ten thousand requests or more, and
    wrk opens them while its clock runs. So the same server gets two loads, a short and a long one,
    and what the long one took more is for its requests alone.
    """

    def __init__(self, warm_up_seconds, short_seconds, long_seconds):
        self.warm_up_seconds = warm_up_seconds
        self.short_seconds = short_seconds
        self.long_seconds = long_seconds
        self.server_core, self.wrk_core = sorted(os.sched_getaffinity(0))[:2]

    def measure(self, start, connections):
        """One fresh server: `start` is a context manager that takes the words to put before the
        server's command, and gives its port and the process whose CPU counts."""
        needed = connections + SPARE_DESCRIPTORS
        limit = raise_descriptor_limit()
        if limit < needed:
            raise MeasurementError(f"needs {needed} descriptors, the limit is {limit}: raise it")
        with start(["taskset", "-c", str(self.server_core)]) as (port, pid):
            self._load(port, pid, connections, self.warm_up_seconds)
            short = self._load(port, pid, connections, self.short_seconds)
            long = self._load(port, pid, connections, self.long_seconds)
        return difference_per_request(short, long)

    def _load(self, port, pid, connections, seconds):
        """Requests answered, the server's CPU seconds for them, and wall seconds."""
        cpu, began = cpu_seconds(pid), time.monotonic()
        requests = requests_of(
            output_of(
                ["taskset", "-c", self.wrk_core, "wrk", "-t", 1, "-c", connections]
                + ["-d", f"{seconds}s", "--timeout", "10s", f"http://127.0.0.1:{port}/"]
            )
        )
        return requests, cpu_seconds(pid) - cpu, time.monotonic() - began


def difference_per_request(short, long):
    requests, cpu, wall = (more - less for less, more in zip(short, long))
    if requests <= 0 or cpu <= 0:
        raise MeasurementError(
            f"{long[0]} requests in the long load, {short[0]} in the short: is the machine busy?"
        )
    return Sample(cpu / requests * 1e9, wall / requests * 1e9)


def requests_of(wrk_output):
    """How many were answered, if all of them were answered as they should be."""
    errors = re.search(r"Socket errors: (.*)", wrk_output)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", wrk_output)
    if errors or refused:
        raise MeasurementError(f"wrk: {(errors or refused).group(0)}")
    found = re.search(r"(\d+) requests in ", wrk_output)
    if found is None:
        raise MeasurementError("wrk printed no number of requests")
    return int(found[1])


def cpu_seconds(pid):
    """User and system time so far, to a hundredth of a second."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError as error:
        raise MeasurementError(f"the server ended: {error.strerror}") from error
    return cpu_ticks(stat) / os.sysconf("SC_CLK_TCK")


def cpu_ticks(stat):
    """utime + stime of a line of /proc/PID/stat; the name before them may hold anything."""
    fields = stat[stat.rindex(")") + 2 :].split()
    return int(fields[11]) + int(fields[12])


@contextlib.contextmanager
def serving(command, **options):
    """A process that is gone when the block ends."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def port_teller(binary, **environment):
    """A server that prints its port first: ours, and Go's."""

    @contextlib.contextmanager
    def start(prefix):
        with serving(
            [*prefix, str(binary)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **environment},
        ) as process:
            line = process.stdout.readline().strip()
            if not line.isdecimal():
                raise MeasurementError(f"{binary} did not say its port")
            yield int(line), process.pid

    return start


def nginx_server(binary):
    @contextlib.contextmanager
    def start(prefix):
        with tempfile.TemporaryDirectory(prefix="leakbench-nginx-") as folder:
            port = free_port()
            config = Path(folder) / "nginx.conf"
            descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
            config.write_text(
                NGINX_CONFIG.format(
                    folder=folder, port=port, descriptors=min(descriptors, 100_000)
                ),
                encoding="utf-8",
            )
            command = [binary, "-p", folder, "-c", str(config), "-e", f"{folder}/error.log"]
            with serving([*prefix, *command, "-g", "daemon off;"]) as process:
                wait_until_listening(process, port, Path(folder) / "error.log")
                yield port, only_child(process.pid)

    return start


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(process, port, log):
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    said = log.read_text(encoding="utf-8").strip().splitlines() if log.exists() else []
    raise MeasurementError(f"nginx does not listen{': ' + said[-1] if said else ''}")


def only_child(pid):
    """nginx's worker, which does the work."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    if len(children) != 1:
        raise MeasurementError(f"nginx has {len(children)} worker processes, not 1")
    return int(children[0])
