"""The real server on a house with people in it, asked over the wire as browsers do, and started and stopped at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from assoc_intranet import create_app
from assoc_intranet.association.models import Association
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from assoc_intranet.migrations import upgrade

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STARTED = """
import runpy
from assoc_intranet.server import asgi, serve
{}
runpy.run_path("app.py", run_name="__main__")
"""
ROLES = {"amina": "coordinator", "bruno": "member", "denise": "member", "emile": "member", "chloe": "observer"}


class Answer(NamedTuple):
    status: int
    body: bytes
    seconds: float


class Site:
    """`app` is a second application on the same data: what it writes, another process wrote."""

    def __init__(self, folder: Path, **settings: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"DATA_DIR": str(folder), "PORT": str(self.port), **settings}
        self.app = create_app(environ=self.settings)
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        upgrade(self.app)
        with self.app.app_context(), writing():
            db.session.add(Association(name="La Bêche & le Tournevis"))
            people = {name: _member(name, role) for name, role in ROLES.items()}
            db.session.add_all(people.values())
            db.session.flush()
            self.ids = {name: member.id for name, member in people.items()}
        self.cookies = {name: self.log_in(name) for name in ROLES}

    def log_in(self, name: str) -> str:
        """The cookie of another browser in which somebody is logged in."""
        with self.app.app_context(), writing():
            token = members.open_session(db.session.get_one(Member, self.ids[name]), "Firefox, Linux")
        browser = self.app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        cookie = browser.get_cookie("session")
        return f"session={cookie.value if cookie else ''}"

    def start(self, hurry: str = "", **environ: str) -> float:
        """Serve, with what a trial wants to be faster; how long it took until the first answer."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", STARTED.format(hurry)],
                cwd=ROOT,
                env={**os.environ, "TZ": "UTC", **self.settings, **environ},
                stdout=log,
                stderr=log,
            )
        began = time.monotonic()
        while time.monotonic() < began + START_SECONDS:
            try:
                if self.ask("GET", "/healthz").status == 200:
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"The server did not start: {self.log.read_text()[-2000:]}")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(sign)
            self.process.wait(20)
            self.process = None

    def close(self) -> None:
        self.stop(signal.SIGKILL)
        with self.app.app_context():
            db.engine.dispose()

    def ask(
        self, method: str, path: str, who: str = "", form: Mapping[str, object] | None = None, seconds: float = 15
    ) -> Answer:
        """One request by somebody, on a connection of its own."""
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "fr"}
        headers |= {"Cookie": self.cookies[who]} if who else {}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        began = time.monotonic()
        try:
            connection.request(method, path, urlencode(form, doseq=True) if form is not None else None, headers)
            answer = connection.getresponse()
            body = answer.read()
            return Answer(answer.status, body, time.monotonic() - began)
        finally:
            connection.close()

    def status(self, name: str) -> float:
        """A line of the kernel's account of the process, such as `VmRSS`, in MB."""
        lines = (self._account / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024

    def open_files(self) -> int:
        return len(list((self._account / "fd").iterdir()))

    @property
    def _account(self) -> Path:
        if self.process is None:
            raise RuntimeError("The server is not running.")
        return Path(f"/proc/{self.process.pid}")


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def p95(seconds: list[float]) -> float:
    """In milliseconds."""
    return 1000 * sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def _member(name: str, role: str) -> Member:
    return Member(
        name=f"{name.capitalize()} Lambert",
        email=f"{name}@exemple.org",
        password_hash="!",  # noqa: S106 (matches nothing)
        role=role,
        is_admin=name == "amina",
        may_vote=role != "observer",
        joined_at=now(),
    )
