"""Live over the wire: from one process to another, to who reads, and to nobody who does not."""

import asyncio
import socket
import threading
import time

import pytest
import uvicorn

from assoc_intranet.core.db import db, writing
from assoc_intranet.live.tail import LOOK_EVERY
from assoc_intranet.members import rules as members
from assoc_intranet.server import asgi
from assoc_intranet.server.serve import Connection
from tests.factories import make_post

from .conftest import LAST_CHUNK, free_port


def write(author, title):
    """A post, as any process writes it: the lock first."""
    with writing():
        make_post(author, title)


def test_what_another_process_commits_is_seen_within_two_seconds(server, bruno):
    with server.stream(bruno) as line:
        began = time.monotonic()
        write(bruno, "Plantation du pommier")
        heard = line.hear(b"pommier")
        assert b"pommier" in heard
        assert b'id="day-2026-11-28"' in heard
        assert time.monotonic() - began < 2


def test_and_so_is_the_next_thing(server, bruno):
    """The first one can be luck: whoever watches must not watch a picture of the past."""
    with server.stream(bruno) as line:
        for title in ("Atelier vélo", "Repair café", "Assemblée"):
            write(bruno, title)
            assert title.encode() in line.hear(title.encode())


def test_who_comes_back_gets_what_was_missed(server, bruno):
    with server.stream(bruno) as here:
        with server.stream(bruno) as line:
            write(bruno, "Avant")
            last = line.hear(b"Avant").split(b"id: ")[1].split(b"\n")[0]
        write(bruno, "Pendant")
        assert b"Pendant" in here.hear(b"Pendant")
        with server.stream(bruno, f"Last-Event-ID: {last.decode()}\r\n") as back:
            assert b"Pendant" in back.hear(b"Pendant")


def test_who_was_away_alone_is_sent_back_to_the_page(server, bruno):
    """Nothing is rendered for nobody."""
    write(bruno, "Personne ne regarde")
    time.sleep(3 * LOOK_EVERY[db.engine.dialect.name])
    with server.stream(bruno, "Last-Event-ID: 1\r\n") as line:
        assert b"event: resync" in line.hear(b"resync\n")


def test_diego_hears_goodbye_and_nothing_else(server):
    status, headers, body = server.ask("GET", "/live")
    assert status == 200
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert body == b"event: bye\ndata: out\n\n"


def test_an_ended_session_ends_its_stream(server, bruno):
    with server.stream(bruno) as line:
        with writing():
            members.end_sessions(bruno, bruno)
        assert b"event: bye" in line.hear(LAST_CHUNK)


@pytest.mark.parametrize("pieces", [1, 400])
def test_who_never_reads_is_cut(monkeypatch, pieces):
    """Closing would wait for the reader; the connection must go, with what it holds."""
    monkeypatch.setattr(asgi, "SEND_SECONDS", 0.3)
    over = threading.Event()

    async def flood(scope, _receive, send):
        send = asgi._or_drop(scope, send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(pieces):
            await send({"type": "http.response.body", "body": b"x" * (40_000_000 // pieces), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        over.set()

    port = free_port()
    config = uvicorn.Config(flood, port=port, http=Connection, ws="none", lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=asyncio.run, args=(server.serve(),))
    thread.start()
    try:
        _await_port(port)
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert over.wait(5), "The sender still waits for somebody who does not read."
            _await(lambda: not server.server_state.connections)
    finally:
        server.should_exit = True
        thread.join(5)


def _await_port(port):
    def answers():
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", port)) == 0

    _await(answers)


def _await(happens, seconds=5):
    ends = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < ends, "It did not happen."
        time.sleep(0.02)
