"""Flask behind an event loop: bodies are read before a thread is taken, and a stream costs no thread at all."""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask

from assoc_intranet.core.security import BARE_HEADERS
from assoc_intranet.live.hub import BEAT, Hub, Subscriber
from assoc_intranet.live.routes import HEARTBEAT

from .spool import Spool

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# How long a sender may be silent, and how long a body may take in all: a photo over a poor line takes minutes.
SILENT_SECONDS = 30
BODY_SECONDS = 10 * 60
SEND_SECONDS = 20
LIFETIME = 30 * 60
IN_MEMORY = 1024 * 1024
PATIENCE = 4
LINGER_SECONDS = 2
CHUNK = 64 * 1024


class Site:
    """The ASGI application."""

    def __init__(self, app: Flask, threads: int):
        self.app = app
        self.hub: Hub = app.extensions["hub"]
        self.most = app.config["MAX_CONTENT_LENGTH"]
        self.pages: Any = WSGIMiddleware(cast("Any", app), threads)
        # After a restart all come back at once: one at a time, so that whoever asks for a page finds a thread.
        self.door = asyncio.Semaphore(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _without_doubles(scope)
        send = _or_drop(scope, send)
        if scope["path"] == "/live" and scope["method"] == "GET":
            await self._live(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await self.pages(scope, _no_body, send)
        else:
            await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        with Spool(IN_MEMORY) as spool:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    size = await self._read_body(_announced(scope), receive, spool)
            except TimeoutError:
                await _too_slow(send)
                return
            if size is None:
                return
            spool.rewind()
            held = 0 if spool.is_lost else size
            scope = {**scope, "headers": _with_length(scope["headers"], held), "body_lost": spool.is_lost}

            async def replay() -> Message:
                chunk = spool.read(CHUNK) if size <= self.most else b""
                return {"type": "http.request", "body": chunk, "more_body": len(chunk) == CHUNK}

            await self.pages(scope, replay, send)
            if size > PATIENCE * self.most:
                await _turn_away(scope)

    async def _read_body(self, announced: int, receive: Receive, spool: Spool) -> int | None:
        """The size of the body, kept in `spool` up to what is accepted; None when the sender went away.

        What is a little too large is read to its end, so that the sender listens when it is told.
        """
        if announced > PATIENCE * self.most:
            return announced
        size = 0
        while True:
            async with asyncio.timeout(SILENT_SECONDS):
                message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body = message.get("body", b"")
            size += len(body)
            if size <= self.most:
                spool.write(body)
            if not message.get("more_body") or size > PATIENCE * self.most:
                return size

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Flask decide in a thread; if it hands over a stream, its head goes out then the frames follow."""
        taken: list[tuple[Subscriber, int]] = []
        head: list[Message] = []

        async def hold(message: Message) -> None:
            head.append(message)

        asked = {**scope, "take_stream": lambda subscriber, since: taken.append((subscriber, since))}
        async with self.door:
            await self.pages(asked, _no_body, hold)
        if not taken:
            for message in head:
                await send(message)
            return
        start = head[0]
        start["headers"] = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        await send(start)
        await self._feed(*taken[0], receive, send)

    async def _feed(self, subscriber: Subscriber, since: int, receive: Receive, send: Send) -> None:
        """A thousand of these wake at each change: nothing is made for a frame but a future and a timer."""
        loop = asyncio.get_running_loop()
        ready = Signal(loop)
        subscriber.wake = ready.set
        self.hub.join(subscriber, since)
        watch = loop.create_task(_until_gone(receive, subscriber))
        ends = loop.time() + LIFETIME * random.uniform(0.8, 1.2)  # noqa: S311 (spreads reconnections)
        try:
            await _send_piece(send, b": welcome\n\n")
            while loop.time() < ends:
                while subscriber.queue:
                    await _send_piece(send, _some(subscriber.queue))
                if subscriber.closed:
                    break
                await ready.wait(HEARTBEAT)
                if not (subscriber.queue or subscriber.closed):
                    await _send_piece(send, BEAT)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.hub.leave(subscriber)
            watch.cancel()


class Signal:
    """What a stream waits for: an `asyncio.Event` in a tenth of its room, that may be set in any thread."""

    __slots__ = ("_is_set", "_loop", "_thread", "_waiting")

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop, self._thread = loop, threading.get_ident()
        self._waiting: asyncio.Future[None] | None = None
        self._is_set = False

    def set(self) -> None:
        """In the thread of the loop, which delivers, at once; from any other by way of the loop."""
        if threading.get_ident() == self._thread:
            self._set()
        else:
            self._loop.call_soon_threadsafe(self._set)

    async def wait(self, most: float) -> None:
        """Until it is set, or for `most` seconds."""
        if not self._is_set:
            self._waiting = self._loop.create_future()
            end = self._loop.call_later(most, self._set)
            await self._waiting
            end.cancel()
        self._is_set, self._waiting = False, None

    def _set(self) -> None:
        self._is_set = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


async def _until_gone(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.close()


def _some(queue: deque[bytes]) -> bytes:
    """The next frames, a few at once: the queues of many slow readers hold the same bytes, a copy each would not."""
    frames = [queue.popleft()]
    size = len(frames[0])
    while queue and size + len(queue[0]) <= CHUNK:
        frames.append(queue.popleft())
        size += len(frames[-1])
    return b"".join(frames)


async def _send_piece(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _or_drop(scope: Scope, send: Send) -> Send:
    """`send`, with an end to waiting: the connection of who does not read is cut, whatever is still on its way."""
    loop = asyncio.get_running_loop()

    async def send_or_drop(message: Message) -> None:
        end = loop.call_later(SEND_SECONDS, scope["drop"])
        try:
            await send(message)
        finally:
            end.cancel()

    return send_or_drop


async def _turn_away(scope: Scope) -> None:
    """Hear no more of a body that was refused. Who sends it has a moment to read why, then the connection is cut."""
    scope["deafen"]()
    await asyncio.sleep(LINGER_SECONDS)
    scope["drop"]()


def _without_doubles(scope: Scope) -> Scope:
    """Without the headers that have an underscore: WSGI takes them for those with a hyphen, which a proxy may set."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if b"_" not in name]}


def _announced(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() and len(length) < 19 else 0


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _too_slow(send: Send) -> None:
    ours = {**BARE_HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
    headers = [(name.lower().encode(), value.encode()) for name, value in ours.items()]
    await send({"type": "http.response.start", "status": 408, "headers": headers})
    await send({"type": "http.response.body", "body": b"The request took too long to arrive."})


def _with_length(headers: list[tuple[bytes, bytes]], size: int) -> list[tuple[bytes, bytes]]:
    kept = [(n, v) for n, v in headers if n.lower() not in (b"content-length", b"transfer-encoding")]
    return [*kept, (b"content-length", str(size).encode())]
