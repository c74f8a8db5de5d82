"""Servers to measure, or to measure with: each a function that takes the words to put before the
server's command, and returns a context manager that gives a Serving."""

import contextlib
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from leakbench_bench.processes import MeasurementError, serving

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


@dataclass(frozen=True)
class Serving:
    port: int
    pid: int  # of the process whose CPU counts

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"


def port_teller(binary, *arguments, **environment):
    """A server that prints its port first."""

    @contextlib.contextmanager
    def start(prefix):
        with serving(
            [*prefix, str(binary), *arguments],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **environment},
        ) as process:
            line = process.stdout.readline().strip()
            if not line.isdecimal():
                raise MeasurementError(f"{binary} did not say its port")
            yield Serving(int(line), process.pid)

    return start


def find_nginx():
    """Debian puts it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


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
                yield Serving(port, only_child(process.pid))

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
