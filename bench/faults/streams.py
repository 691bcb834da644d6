"""Who never reads and who never ends a sentence, bodies without end, and a thousand who come back at once."""

import asyncio
import contextlib
import multiprocessing
import resource
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode

from assoc_intranet.core.changes import cursor
from assoc_intranet.core.clock import today
from assoc_intranet.core.db import db, writing
from assoc_intranet.members.models import Member
from assoc_intranet.posts import rules
from assoc_intranet.posts.models import Post

from .site import Site, p95
from .verdict import Verdict

FILES = 8192
ZONE = "Europe/Brussels"
CARDS = 60
PATIENCE = 500  # milliseconds a page may take while others misbehave
GROWTH = 20  # MB a body without end may cost
GIGABYTE = 1024**3
PIECE = 256 * 1024


def run(quick: bool) -> Iterator[Verdict]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(FILES, hard)), hard))
    for trial in (_slow, _bodies, _storm):
        with tempfile.TemporaryDirectory() as folder:
            site = Site(Path(folder))
            try:
                yield from trial(site, quick)
            finally:
                site.close()


# Slow readers and half-open requests


def _slow(site: Site, quick: bool) -> Iterator[Verdict]:
    """So many who open a stream and never read, and as many who never finish what they ask."""
    many, seconds = (60, 5) if quick else (500, 60)
    # In the short form the server loses patience after two seconds instead of twenty.
    site.start("asgi.SEND_SECONDS = serve.HEAD_SECONDS = asgi.SILENT_SECONDS = 2" if quick else "")
    post_id = _full_day(site)
    for _ in range(30):
        site.ask("GET", "/calendar", "bruno")
    files, memory = site.open_files(), site.status("VmRSS")
    told = asyncio.run(_misbehave(site, post_id, many, seconds))
    kept = "given up after 2 s" if quick else "given up after 20 s, in silence after 30 s"
    yield Verdict(
        f"Pages answer within {PATIENCE} ms while {many} never read and {many} never finish asking",
        f"p95 {told.page:.0f} ms of {told.pages} pages",
        kept=told.page < PATIENCE,
    )
    growth = told.memory - memory
    yield Verdict("They cost a bounded memory", f"+{growth:.0f} MB resident at most", kept=growth < 2 * many / 10 + 20)
    yield Verdict(
        "Who never reads or never finishes is cut off",
        f"{told.cut} of {2 * many} cut off while they stayed ({kept})",
        kept=told.cut == 2 * many,
    )
    left = _settles(lambda: site.open_files() - files, 8)
    yield Verdict("Their sockets are freed", f"{left} files open more than before", kept=left <= 5)


class _Told:
    page = memory = 0.0
    pages = cut = 0


async def _misbehave(site: Site, post_id: int, many: int, seconds: float) -> _Told:
    told = _Told()
    stream = f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: {site.cookies['bruno']}\r\n\r\n".encode()
    half_head = b"GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: "
    half_body = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nemail="
    lines = [await _deaf(site.port, stream) for _ in range(many)]
    lines += [await _deaf(site.port, half_head if number % 2 else half_body) for number in range(many)]
    over = asyncio.Event()
    work = [asyncio.create_task(_move(site, post_id, over)), asyncio.create_task(_pages(site, over))]
    # Who is cut off is not told before all that may take is over: patience, and a little more.
    ends = time.monotonic() + seconds + 5
    while time.monotonic() < ends:
        told.memory = max(told.memory, site.status("VmRSS"))
        await asyncio.sleep(0.2)
    over.set()
    _moves, times = await asyncio.gather(*work)
    told.page, told.pages = p95(times), len(times)
    told.cut = sum(_is_cut(line) for line in lines)
    for line in lines:
        line.close()
    return told


async def _deaf(port: int, words: bytes) -> socket.socket:
    """A connection that takes in as little as can be: small segments keep what the kernel puts by for it small."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", port))
    await loop.sock_sendall(line, words)
    return line


def _is_cut(line: socket.socket) -> bool:
    """Whether the other side has ended the connection; what it sent before is read to its end."""
    with contextlib.suppress(BlockingIOError):
        try:
            while line.recv(PIECE):
                pass
        except OSError as error:
            if isinstance(error, BlockingIOError):
                raise
        return True
    return False


async def _move(site: Site, post_id: int, over: asyncio.Event) -> int:
    """Somebody changes the full day ten times a second, so that there is much to tell."""
    day = today(ZONE)
    moves = 0
    while not over.is_set():
        moves += 1
        form = {"day": day.isoformat(), "hour": f"{moves % 24:02}:00"}
        await _ask(site, "POST", f"/posts/{post_id}/day", "amina", form)
        await asyncio.sleep(0.1)
    return moves


async def _pages(site: Site, over: asyncio.Event) -> list[float]:
    times = []
    while not over.is_set():
        began = time.monotonic()
        status = await _ask(site, "GET", "/calendar", "denise")
        if status != 200:
            raise RuntimeError(f"/calendar answered {status}")
        times.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return times


def _full_day(site: Site) -> int:
    """Today has so many posts that each change of one is some twenty kilobytes to tell; the id of one."""
    day = today(ZONE).isoformat()
    for number in range(CARDS):
        form = {"title": f"Publication {number} du jour", "day": day, "hour": "09:00", "op_id": f"{number:032}"}
        site.ask("POST", "/posts", "amina", form)
    with site.app.app_context():
        return int(db.session.query(Post.id).order_by(Post.id).limit(1).scalar())


# Bodies


def _bodies(site: Site, _quick: bool) -> Iterator[Verdict]:
    """A gigabyte, announced, chunked, or after an answer that nobody listened to."""
    site.start()
    site.ask("GET", "/login")
    for name, headers, chunked in (
        ("that says its size", f"Content-Length: {GIGABYTE}\r\n", False),
        ("in chunks", "Transfer-Encoding: chunked\r\n", True),
        ("without a size", "", False),
    ):
        memory = site.status("VmRSS")
        sent, said = _pour(site.port, headers, chunked)
        growth = site.status("VmRSS") - memory
        yield Verdict(
            f"A body of a gigabyte {name} is refused early",
            f"{said}, after {sent / 2**20:.0f} MB, +{growth:.0f} MB resident",
            kept=sent < 100 * 2**20 and growth < GROWTH and said.split()[0] in ("413", "400"),
        )


def _pour(port: int, headers: str, chunked: bool) -> tuple[int, str]:
    """Send a gigabyte without listening, until it is taken or the connection ends: how much, and what was said."""
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    piece = b"a" * PIECE
    wrapped = b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece
    sent = 0
    with line:
        line.sendall(f"POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{headers}\r\n".encode())
        with contextlib.suppress(OSError):
            while sent < GIGABYTE:
                line.sendall(wrapped)
                sent += PIECE
        said = b""
        with contextlib.suppress(OSError):
            said = line.recv(64)
    # Who pours on after the answer may find it gone with the connection: then it is asked for by who listens.
    return sent, said[9:12].decode() or _listening(port, headers)


def _listening(port: int, headers: str) -> str:
    """The same by somebody who sends the beginning and listens."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"POST /login HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{headers}\r\n".encode())
        if "chunked" in headers:
            with contextlib.suppress(OSError):
                for _ in range(50 * 2**20 // PIECE):
                    line.sendall(b"%x\r\n%b\r\n" % (PIECE, b"a" * PIECE))
        return line.recv(64)[9:12].decode() or "cut off"


# The storm


def _storm(site: Site, quick: bool) -> Iterator[Verdict]:
    """Everybody's stream breaks at once, as the server is started again; all come back, and have missed nothing."""
    many = 150 if quick else 1000
    site.start()
    told = asyncio.run(_come_back(site, many))
    yield Verdict(
        f"After a restart, {many} streams come back",
        f"{told['back']} of {many}, the last {told['last']:.1f} s after the first answer",
        kept=told["back"] == many,
    )
    yield Verdict(
        "None has missed a change: it is told, or told to read the page again",
        f"{told['whole']} of {many} know of {told['changes']} changes made before, meanwhile and after",
        kept=told["whole"] == many,
    )
    yield Verdict(
        f"Pages answer within {PATIENCE} ms meanwhile",
        f"p95 {told['page']:.0f} ms of {told['pages']:.0f} pages, the server was away for {told['away']:.1f} s",
        kept=told["page"] < PATIENCE,
    )


class _Stream:
    """One browser: what it knows of, and when it came back."""

    def __init__(self, since: int):
        self.newest = since
        self.opened = 0
        self.resynced_at = 0.0
        self.back_at = 0.0

    async def live(self, site: Site, cookie: str, over: asyncio.Event) -> None:
        delay = 0.5
        while not over.is_set():
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
                ask = f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nLast-Event-ID: {self.newest}\r\n\r\n"
                writer.write(ask.encode())
                try:
                    await reader.readuntil(b": welcome\n\n")
                    self.opened, self.back_at, delay = self.opened + 1, time.monotonic(), 0.5
                    while line := await reader.readline():
                        self._note(line)
                finally:
                    writer.close()
            await asyncio.sleep(delay)
            delay = min(2 * delay, 4)

    def _note(self, line: bytes) -> None:
        if line.startswith(b"id: "):
            self.newest = int(line[4:])
        elif line.startswith(b"event: resync"):
            self.resynced_at = time.monotonic()


async def _come_back(site: Site, many: int) -> dict[str, float]:
    over = asyncio.Event()
    with site.app.app_context():
        since = cursor()
    streams = [_Stream(since) for _ in range(many)]
    tasks = [asyncio.create_task(stream.live(site, site.cookies["bruno"], over)) for stream in streams]
    await _until(lambda: all(stream.opened for stream in streams), 60)
    await asyncio.to_thread(_change, site, "before")
    reader = Reader(site)
    began = time.monotonic()
    await asyncio.to_thread(site.stop)
    await asyncio.to_thread(_change_behind, site)
    await asyncio.to_thread(site.start)
    up = time.monotonic()
    await _until(lambda: all(stream.opened > 1 for stream in streams), 60)
    await asyncio.to_thread(_change, site, "after")
    with site.app.app_context():
        newest = cursor()
    await _until(lambda: all(stream.newest >= newest for stream in streams), 15)
    over.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    pages = reader.end()
    # Nothing is rendered for nobody: who was away while something changed is told to read the page again.
    whole = sum(stream.newest >= newest and stream.resynced_at > began for stream in streams)
    return {
        "back": sum(stream.opened > 1 for stream in streams),
        "last": max(stream.back_at for stream in streams) - up,
        "whole": whole,
        "changes": newest - since,
        "page": p95(pages),
        "pages": len(pages),
        "away": up - began,
    }


class Reader:
    """Somebody who reads pages all the while, in a process apart from those who come back."""

    def __init__(self, site: Site):
        fork = multiprocessing.get_context("fork")
        self._over, self._said = fork.Event(), fork.SimpleQueue()
        self._process = fork.Process(target=self._read, args=(site,), daemon=True)
        self._process.start()

    def end(self) -> list[float]:
        self._over.set()
        times: list[float] = self._said.get()
        self._process.join()
        return times

    def _read(self, site: Site) -> None:
        """How long each page took; while nobody answers, there is none."""
        times = []
        while not self._over.is_set():
            with contextlib.suppress(OSError, HTTPException):
                answer = site.ask("GET", "/calendar", "denise")
                if answer.status == 200:
                    times.append(answer.seconds)
            time.sleep(0.02)
        self._said.put(times)


def _change(site: Site, title: str) -> None:
    form = {"title": title, "day": today(ZONE).isoformat(), "op_id": title.ljust(32, "0")}
    if site.ask("POST", "/posts", "amina", form).status >= 400:
        raise RuntimeError("The change was refused.")


def _change_behind(site: Site) -> None:
    """While the server is away, another process writes."""
    with site.app.app_context(), writing():
        author = db.session.get_one(Member, site.ids["amina"])
        rules.write(author, rules.Draft(title="Meanwhile", day=today(ZONE)))


async def _until(happens: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not happens() and time.monotonic() < ends:  # noqa: ASYNC110 (what happens sets no event)
        await asyncio.sleep(0.05)


def _settles(count: Callable[[], int], seconds: float) -> int:
    """A number once it is low enough, or after so many seconds."""
    ends = time.monotonic() + seconds
    while (found := count()) > 5 and time.monotonic() < ends:
        time.sleep(0.2)
    return int(found)


async def _ask(site: Site, method: str, path: str, who: str, form: dict[str, str] | None = None) -> int:
    """The status of one request, on a connection of its own."""
    body = urlencode(form or {})
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {site.cookies[who]}\r\n"
    head += "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    answer = await reader.read()
    writer.close()
    return int(answer[9:12] or 0)
