"""Starting and stopping: the loopback rule, the threads beside the pages, and streams that end at once on SIGTERM."""

import asyncio
import contextlib
import contextvars
import ctypes
import gc
import ipaddress
import resource
import socket
import threading
from gettext import gettext as _
from types import FrameType

import uvicorn
import uvloop
from flask import Flask
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from assoc_intranet.config import BadSetting
from assoc_intranet.jobs.loop import Worker
from assoc_intranet.live.tail import Tail

from .asgi import Site


class Connection(HttpToolsProtocol):
    """A connection that can be cut, and that is cut when what is asked does not come to an end."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        """Let the site cut a connection: closing it would first wait for a reader who does not read."""
        super().on_message_begin()
        self._await_head()
        self.scope["drop"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
        self.scope["deafen"] = self._deafen  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        self._rest()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._rest()
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()

    def _deafen(self) -> None:
        if not self.transport.is_closing():
            self.transport.pause_reading()


# How long the head of a request may take: without an end to it, who opens many holds them for ever.
HEAD_SECONDS = 20
M_ARENA_MAX = -8
OTHER_FILES = 1024


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, site: Site):
        super().__init__(config)
        self.site = site

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End the streams first: the server waits for every answer before it stops. Told twice, it waits no more."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self.site.hub.close_all()


def check_address(app: Flask, host: str) -> None:
    """Refuse to carry passwords in clear over a network, unless told to."""
    if _is_loopback(host) or app.config["SESSION_COOKIE_SECURE"] or app.config["INSECURE_HTTP"]:
        return
    raise BadSetting(
        _("Listening on %(host)s needs BASE_URL=https://… (behind a reverse proxy), or INSECURE_HTTP=1 to try without.")
        % {"host": host}
    )


def check_debugging(app: Flask) -> None:
    """Refuse what is for writing code: it keeps nothing, is slow, and tells strangers more than they need."""
    if app.debug:
        raise BadSetting(_("FLASK_DEBUG is for writing code, not for serving: take it away."))


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until told to stop."""
    listener = _listen(host, port)
    _allow_files(app.config["LIVE_MAX"])
    _share_one_arena()
    site = Site(app, app.config["THREADS"])
    config = uvicorn.Config(
        site,
        http=Connection,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=10,
        lifespan="off",
    )
    server = Server(config, site)
    tail: Tail = app.extensions["tail"]()
    worker = Worker(app)

    async def run() -> None:
        site.hub.call = asyncio.get_running_loop().call_soon_threadsafe
        tail.start()
        worker.start()
        threading.Thread(target=app.extensions["compress_static"], name="compress", daemon=True).start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        try:
            await server.serve([listener])
        finally:
            # While the loop still runs: what they hand over in their last moments must find it.
            await asyncio.to_thread(worker.stop)
            await asyncio.to_thread(tail.stop)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        # An empty context: pages must not find the application context of the command that serves.
        runner.run(run(), context=contextvars.Context())


def _share_one_arena() -> None:
    """A few threads with an arena each keep megabytes that none of them uses; only glibc knows this call."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def _allow_files(streams: int) -> None:
    """A stream is an open file, and the usual 1,024 are too few for a thousand streams and the pages beside."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * streams + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BadSetting(
            _("HOST=%(host)s PORT=%(port)s cannot be listened on: %(reason)s.")
            % {"host": host, "port": port, "reason": error}
        ) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
