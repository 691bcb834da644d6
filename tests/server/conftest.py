"""The real server, as a process of its own on this machine, and people who speak to it over the wire."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from assoc_intranet import create_app
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import rules as members
from tests import engines
from tests.factories import make_association, make_member

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
# How a stream begins and ends on the wire.
WELCOME = b": welcome\n\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"
# What a test wants to be faster, set before the server starts.
HURRIED = """
import runpy
from assoc_intranet.server import asgi
{}
runpy.run_path("app.py", run_name="__main__")
"""


class Line:
    """A connection, and what arrived on it."""

    def __init__(self, connection):
        self.socket = connection
        self._kept = b""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    def close(self):
        self.socket.close()

    def hear(self, mark):
        """What arrived since the last time, up to `mark` or to the end."""
        while mark not in self._kept and (piece := self.socket.recv(65536)):
            self._kept += piece
        before, found, self._kept = self._kept.partition(mark)
        return before + found


class Served:
    """A running server, and a second application on the same data: whoever writes with it is another process."""

    def __init__(self, environ, port, process):
        self.environ, self.port, self.process = environ, port, process
        self.app = create_app({"TESTING": True, "RATELIMIT_ENABLED": False}, environ)

    def ask(self, method, path, body=None, headers=None, seconds=5):
        """(status, headers, body) of one request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def say(self, words, seconds=5):
        """A connection on which `words` were sent as they are."""
        line = Line(socket.create_connection(("127.0.0.1", self.port), timeout=seconds))
        line.socket.sendall(words)
        return line

    def cookie_of(self, member):
        """The cookie of a browser in which `member` is logged in."""
        with writing():
            token = members.open_session(member, "Firefox, Linux")
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = token
        name = self.app.config["SESSION_COOKIE_NAME"]
        return f"{name}={browser.get_cookie(name).value}"

    def stream(self, member, headers=""):
        """The open stream of `member`, its head and its welcome already read."""
        cookie = self.cookie_of(member)
        line = self.say(f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n{headers}\r\n".encode())
        assert WELCOME in line.hear(WELCOME)
        return line

    def stop(self, seconds=8):
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def environment(folder, url, **settings):
    return {"DATA_DIR": str(folder), "DATABASE_URL": url, "PORT": str(free_port()), **settings}


@contextlib.contextmanager
def serving(environ, hurry=""):
    """A server with these settings, once it answers."""
    log = Path(environ["DATA_DIR"]).with_suffix(f".{environ['PORT']}.log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", HURRIED.format(hurry)],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    served = Served(environ, int(environ["PORT"]), process)
    try:
        _await_answer(served, log)
        yield served
    finally:
        process.kill()
        process.wait()
        with served.app.app_context():
            db.engine.dispose()


def _await_answer(served, log):
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and served.process.poll() is None:
        with contextlib.suppress(OSError):
            if served.ask("GET", "/healthz")[0] == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"The server did not start: {log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def data(stage, tmp_path_factory):
    """(folder, database address) for one installation, empty."""
    url = stage.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        return tmp_path_factory.mktemp("served"), ""
    base = re.sub(r"@/\w+\?", "@/?", url)
    return tmp_path_factory.mktemp("served"), engines.create_database(base, "served")


@pytest.fixture(scope="module")
def server(data):
    """A server that takes bodies up to 1 MB, for the tests of a module that leave it standing."""
    with serving(environment(*data, MAX_UPLOAD_MB="1")) as served:
        with served.app.app_context():
            make_association()
        yield served


@pytest.fixture
def bruno(server):
    """Bruno is a member there."""
    with server.app.app_context():
        with writing():
            member = make_member(f"Bruno{time.monotonic_ns()} Lambert")
        yield member
        db.session.remove()
