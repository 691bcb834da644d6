"""A closed loop of a few connections, each asking again as soon as it was answered; bounded in time."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from .process import Measured

TYPED = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Result:
    """Milliseconds of the server's processor time a request, requests a second, and how long answers took."""

    cpu_ms: float
    rps: float
    p50_ms: float
    p99_ms: float
    bytes: int


class Visitor:
    """One browser of a member, on one connection."""

    def __init__(self, url: str, cookie: str):
        self.line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        self.headers = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "fr", "Cookie": cookie}

    def get(self, path: str) -> int:
        """Bytes of the answer, which must be a 200."""
        self.line.request("GET", path, headers=self.headers)
        return self._read(path)

    def post(self, path: str, form: dict[str, object], page: str) -> int:
        """The same of a form, as htmx sends it from the page at `page`."""
        htmx = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": page}
        self.line.request("POST", path, urlencode(form), {**self.headers, **TYPED, **htmx})
        return self._read(path)

    def _read(self, path: str) -> int:
        answer = self.line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
        return len(body)


def ask(server: Measured, path: str, seconds: float, cookie: str = "", connections: int = 8) -> Result:
    """Ask for one page for `seconds`, after a warm-up of a fifth of it."""
    acts = [_asking(server.url, path, cookie) for _ in range(connections)]
    loop(acts, seconds / 5)
    return _measure(server, acts, seconds)


def vote(server: Measured, path: str, options: list[int], cookies: list[str], seconds: float) -> Result:
    """Members who change their ballots as fast as they can, each at a browser of their own."""
    return _measure(server, [_voting(server.url, path, options, cookie) for cookie in cookies], seconds)


def loop(acts: list[Callable[[], int]], seconds: float, pause: float = 0) -> tuple[list[float], int]:
    """Seconds each act took, done again and again by as many threads, and the bytes of the largest answer.

    What was begun in time is brought to its end, and each act is done once at least.
    """
    end = time.perf_counter() + seconds
    taken: list[float] = []
    sizes: set[int] = set()

    def go(act: Callable[[], int]) -> None:
        began = 0.0
        while began < end:
            began = time.perf_counter()
            sizes.add(act())
            taken.append(time.perf_counter() - began)
            time.sleep(pause)

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, max(sizes)


def p99_with_pauses(url: str, path: str, seconds: float, cookie: str, pause: float) -> float:
    """Milliseconds of the slowest hundredth for two people who read a page, wait, and read it again."""
    taken, _size = loop([_asking(url, path, cookie) for _ in range(2)], seconds, pause)
    return round(1000 * quantiles(taken, n=100)[98], 1)


def _measure(server: Measured, acts: list[Callable[[], int]], seconds: float) -> Result:
    cpu, began = server.cpu(), time.perf_counter()
    times, size = loop(acts, seconds)
    took = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Result(
        cpu_ms=round(1000 * (server.cpu() - cpu) / len(times), 3),
        rps=round(len(times) / took),
        p50_ms=round(1000 * cuts[49], 1),
        p99_ms=round(1000 * cuts[98], 1),
        bytes=size,
    )


def _asking(url: str, path: str, cookie: str) -> Callable[[], int]:
    visitor = Visitor(url, cookie)
    return lambda: visitor.get(path)


def _voting(url: str, path: str, options: list[int], cookie: str) -> Callable[[], int]:
    visitor, turn = Visitor(url, cookie), iter(range(10**9))
    page = url + path.removesuffix("/ballot")
    return lambda: visitor.post(path, {"choice": options[next(turn) % len(options)], "op_id": uuid4()}, page)
