"""A closed loop of a few connections, each asking again as soon as it was answered; bounded in time."""

import http.client
import threading
import time
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlsplit

from .process import Measured


@dataclass(frozen=True)
class Result:
    """Milliseconds of the server's processor time a request, requests a second, and how long answers took."""

    cpu_ms: float
    rps: float
    p50_ms: float
    p99_ms: float
    bytes: int


def ask(server: Measured, path: str, seconds: float, cookie: str = "", connections: int = 8) -> Result:
    """Ask for one page for `seconds`, after a warm-up of a fifth of it."""
    _loop(server, path, seconds / 5, cookie, connections)
    cpu, began = server.cpu(), time.perf_counter()
    times, size = _loop(server, path, seconds, cookie, connections)
    took = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Result(
        cpu_ms=round(1000 * (server.cpu() - cpu) / len(times), 3),
        rps=round(len(times) / took),
        p50_ms=round(1000 * cuts[49], 1),
        p99_ms=round(1000 * cuts[98], 1),
        bytes=size,
    )


def _loop(server: Measured, path: str, seconds: float, cookie: str, connections: int) -> tuple[list[float], int]:
    end = time.perf_counter() + seconds
    taken: list[float] = []
    sizes: set[int] = set()
    threads = [
        threading.Thread(target=_client, args=(server.url, path, end, cookie, taken, sizes)) for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not taken:
        raise RuntimeError(f"{path} gave no answer")
    return taken, max(sizes)


def _client(url: str, path: str, end: float, cookie: str, taken: list[float], sizes: set[int]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "fr", "Cookie": cookie}
    while (began := time.perf_counter()) < end:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        taken.append(time.perf_counter() - began)
        sizes.add(len(body))
    connection.close()
