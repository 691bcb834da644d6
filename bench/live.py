"""How long a change is on its way: from its commit to the first and to the last of many who listen."""

import asyncio
import re
import sqlite3
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import cast
from urllib.parse import urlsplit

import psycopg
import uvloop

from .load import Visitor, p99_with_pauses
from .process import Measured
from .seed import MONTH, Seeded

FRAME = re.compile(rb"id: (\d+)\n")
EVERY = 0.25
THINK = 0.05
SETTLE = 1.5
# Below, what a stream takes is lost in what the process takes by itself.
ENOUGH = 500


@dataclass(frozen=True)
class Live:
    """Milliseconds from the commit to the first and the last listener, over the changes; and what was missed.

    `cold_ms` is the very first change after the start, for which all is drawn for the first time: not among the others.
    """

    streams: int
    changes: int
    first_p50_ms: float
    last_p50_ms: float
    last_p99_ms: float
    cold_ms: float
    page_p99_ms: float
    kb_per_stream: float | None
    missed: int


class Ear(asyncio.Protocol):
    """One open stream: when each whole frame arrived, by its id."""

    def __init__(self, request: bytes):
        self.request, self.heard, self.waiting = request, dict[int, float](), b""
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        at = time.time()
        self.waiting += data
        if b": welcome" in self.waiting and not self.is_open.done():
            self.is_open.set_result(None)
        if b"\n\n" in self.waiting:
            whole, _, self.waiting = self.waiting.rpartition(b"\n\n")
            for number in FRAME.findall(whole):
                self.heard.setdefault(int(number), at)


def measure(heard_on: Measured, written_on: Measured, database: str, seeded: Seeded, ears: int, secs: float) -> Live:
    """`ears` streams on one server, a change every quarter of a second on one (the same, or another) for `secs`."""
    before = heard_on.pss()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as reader:
        asked = (heard_on.url, f"/calendar/{MONTH:%Y-%m}", secs, seeded.cookies[1], THINK)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            listening = runner.run(_listen(heard_on.url, seeded.cookies, ears))
            each = (heard_on.pss() - before) * 1024 / ears
            pages = reader.submit(p99_with_pauses, *asked)
            newest = max(_times(database, 0), default=0)
            runner.run(_change(written_on.url, seeded, secs))
            for ear in listening:
                ear.transport.close()
        page_p99 = pages.result()
    made = _times(database, newest)
    delays = defaultdict(list)
    for ear in listening:
        for number in made:
            # A frame tells of all that happened up to its id.
            if (told := min((heard for heard in ear.heard if heard >= number), default=None)) is not None:
                delays[number].append(1000 * (ear.heard[told] - made[number]))
    missed = sum(ears - len(delays[number]) for number in made)
    cold = delays.pop(min(delays))
    last = quantiles([max(each) for each in delays.values()], n=100, method="inclusive")
    return Live(
        streams=ears,
        changes=len(made),
        first_p50_ms=round(quantiles([min(each) for each in delays.values()], n=2)[0], 1),
        last_p50_ms=round(last[49], 1),
        last_p99_ms=round(last[98], 1),
        cold_ms=round(max(cold), 1),
        page_p99_ms=page_p99,
        kb_per_stream=round(each, 1) if ears >= ENOUGH else None,
        missed=missed,
    )


async def _listen(url: str, cookies: list[str], ears: int) -> list[Ear]:
    """Open the streams, a few at a time as people come."""
    place = urlsplit(url)
    listening: list[Ear] = []
    for number in range(ears):
        head = f"GET /live?since=0 HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Language: fr\r\n"
        request = f"{head}Cookie: {cookies[number % len(cookies)]}\r\n\r\n".encode()
        made = asyncio.get_running_loop().create_connection(lambda r=request: Ear(r), place.hostname, place.port)
        _transport, ear = await made
        listening.append(ear)
        if number % 20 == 19:
            await asyncio.wait_for(ear.is_open, 30)
    for ear in listening:
        await asyncio.wait_for(ear.is_open, 30)
    await asyncio.sleep(SETTLE)
    for ear in listening:
        ear.heard.clear()
    return listening


async def _change(url: str, seeded: Seeded, seconds: float) -> None:
    """Give posts another day, one after the other, with time between."""
    coordinator, page = Visitor(url, seeded.cookies[0]), f"{url}/calendar/{MONTH:%Y-%m}"
    for number in range(int(seconds / EVERY)):
        form = {"day": f"{1 + number % 28:02}/11/2026", "hour": "18:00"}
        post = seeded.movable[number % len(seeded.movable)]
        await asyncio.to_thread(coordinator.post, f"/posts/{post}/day", form, page)
        await asyncio.sleep(EVERY)
    await asyncio.sleep(SETTLE)


def _times(database: str, after: int) -> dict[int, float]:
    """When each change was written, as the server noted it just before its commit."""
    if database.startswith("postgresql"):
        with psycopg.connect(database.replace("+psycopg", "", 1)) as connection:
            found = connection.execute("SELECT id, at FROM change WHERE id > %s", (after,))
            return {number: at.timestamp() for number, at in found}
    with closing(sqlite3.connect(f"file:{Path(database)}?mode=ro", uri=True)) as reader:
        rows = reader.execute("SELECT id, at FROM change WHERE id > ?", (after,)).fetchall()
    return {number: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for number, at in rows}
