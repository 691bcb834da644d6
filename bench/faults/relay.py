"""A wire on this machine that can be cut: what a browser sends goes through it, until it does not."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from .site import free_port

PIECE = 65536


class Relay:
    """Passes connections on to `port`, in a thread of its own.

    The wire is cut in one of three ways: `refuse` (connections break, new ones are refused), `stall` (nothing passes
    until it is mended, then all does), and `lose` (as stall, but what was open is never heard of again: a telephone
    that changed its network).
    """

    WAYS = ("refuse", "stall", "lose")

    def __init__(self, port: int):
        self.target, self.port = port, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.accepted = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._wires: set[_Wire] = set()
        self._how = ""
        self._call(self._listen())

    def cut(self, how: str) -> None:
        self._call(self._cut(how))

    def mend(self) -> None:
        self._call(self._mend())

    def close(self) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _cut(self, how: str) -> None:
        self._how = how
        if how == "refuse":
            self._server.close()
            for wire in list(self._wires):
                wire.break_off()
            return
        for wire in self._wires:
            wire.passes.clear()
            wire.is_lost |= how == "lose"

    async def _mend(self) -> None:
        if self._how == "refuse":
            await self._listen()
        self._how = ""
        for wire in self._wires:
            if not wire.is_lost:
                wire.passes.set()

    async def _end(self) -> None:
        self._server.close()
        for wire in self._wires:
            wire.break_off()
        while self._wires:  # noqa: ASYNC110 (they end by themselves, in a moment)
            await asyncio.sleep(0.01)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        wire = _Wire(writer, upstream[1])
        if not self._how:
            wire.passes.set()
        self._wires.add(wire)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(wire.carry(reader, upstream[1]))
                both.create_task(wire.carry(upstream[0], writer))
        finally:
            wire.break_off()
            self._wires.discard(wire)

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


class _Wire:
    """One connection, both ways. While `passes` is clear, nothing does."""

    def __init__(self, *ends: asyncio.StreamWriter):
        self.ends = ends
        self.passes = asyncio.Event()
        self.is_lost = False

    async def carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(PIECE):
                await self.passes.wait()
                to.write(piece)
                await to.drain()
            await self.passes.wait()
            if to.can_write_eof():
                to.write_eof()

    def break_off(self) -> None:
        self.passes.set()
        for end in self.ends:
            end.transport.abort()
