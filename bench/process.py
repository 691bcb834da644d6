"""A server process under measure: pinned apart from the load, its processor time and memory read from the system."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))


class Measured:
    """`url` answers; `cpu()` is the seconds of processor time taken so far, `pss()` the memory in MB."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, seconds_to_start: float):
        self.process, self.url, self.seconds_to_start = process, url, seconds_to_start

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def pss(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def running(*command: str, **settings: str) -> Iterator[Measured]:
    """Start `python command…` with `{port}` filled in, wait for its first 200, and stop it at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    arguments = [sys.executable, *(word.replace("{port}", port) for word in command)]
    environ = {**os.environ, "PORT": port, **settings}
    began = time.perf_counter()
    process = subprocess.Popen(arguments, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    os.sched_setaffinity(process.pid, CORES[:1])
    url = f"http://127.0.0.1:{port}"
    try:
        while not _answers(f"{url}/healthz"):
            if process.poll() is not None or time.perf_counter() - began > 30:
                raise RuntimeError(f"{' '.join(command)} did not start")
            time.sleep(0.01)
        yield Measured(process, url, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(15)


def pin_load() -> None:
    os.sched_setaffinity(0, CORES[1:] or CORES)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except OSError:
        return False
