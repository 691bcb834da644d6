"""What is judged, running on 127.0.0.1: the planted application, and our own server on the demo's association."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from assoc_intranet import create_app
from assoc_intranet.core import audit as security_log
from assoc_intranet.core.db import writing
from assoc_intranet.demo import rules as demo
from assoc_intranet.demo.data.people import DOMAIN, FOUNDER
from assoc_intranet.members import queries as members
from assoc_intranet.members import rules as member_rules
from assoc_intranet.migrations import upgrade

from ..judges import HERE, ROOT

TRACEBACK = re.compile(r"^Traceback \(most recent call last\):\n(?:[ ].*\n|\n)*(\S.*)", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """`cookie()` logs in once more as a coordinator who administers, so that no judge can log another out."""

    name: str
    url: str
    log: Path
    cookie: Callable[[], str]

    def failures(self) -> list[str]:
        """What each traceback in the log ends with."""
        told = self.log.read_text(encoding="utf-8", errors="replace")
        return [end[1] for end in TRACEBACK.finditer(told)]


@contextmanager
def planted(folder: Path) -> Iterator[Place]:
    command = [sys.executable, str(HERE / "holes.py"), "{port}"]
    with _running("planted", command, folder, lambda: "") as place:
        yield place


@contextmanager
def ours(folder: Path) -> Iterator[Place]:
    """The real server, as it is served, in a temporary folder."""
    app = create_app(environ={"DATA_DIR": str(folder / "data")})
    upgrade(app)
    security_log.log.disabled = True
    with app.app_context(), writing():
        demo.fill()
    command = [str(Path(sys.executable).with_name("assoc-intranet")), "serve"]
    with _running("ours", command, folder, lambda: _log_in(app), DATA_DIR=str(folder / "data")) as place:
        yield place


def _log_in(app: Flask) -> str:
    with app.app_context(), writing():
        member = members.by_email(f"{FOUNDER.key}@{DOMAIN}")
        if member is None:
            raise RuntimeError("The demo has no coordinator any more.")
        token = member_rules.open_session(member, "audit")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("The demo has no secret to sign a cookie with.")
    return f"session={serializer.dumps({'_user_id': token, '_fresh': True})}"


@contextmanager
def _running(
    name: str, command: list[str], folder: Path, cookie: Callable[[], str], **settings: str
) -> Iterator[Place]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [word.replace("{port}", port) for word in command],
            cwd=ROOT,
            env={**os.environ, "PORT": port, **settings},
            stdout=out,
            stderr=out,
        )
    place = Place(name, f"http://127.0.0.1:{port}", log, cookie)
    try:
        began = time.monotonic()
        while not _answers(place.url):
            if process.poll() is not None or time.monotonic() - began > 30:
                raise RuntimeError(f"{command[0]} did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield place
    finally:
        process.terminate()
        process.wait(15)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (our own address)
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
