"""An association to try things on, and its members at their browsers: what they send, and what they are answered."""

import http.client
import socket
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from flask import Flask

from assoc_intranet import create_app
from assoc_intranet.core.db import db, writing
from assoc_intranet.members import rules as members
from assoc_intranet.migrations import upgrade
from bench.seed import cookie_of
from tests.factories import make_association, make_member, make_poll

PATIENCE = 20


@dataclass(frozen=True)
class Answer:
    """What came back; 0 is the status of no answer at all."""

    status: int
    location: str = ""
    body: bytes = b""

    @property
    def is_yes(self) -> bool:
        """The person was told that it is done."""
        return 200 <= self.status < 400


NO_ANSWER = Answer(0)


class Person:
    """A member who is logged in, at one browser: a connection to one server, made again when it broke."""

    def __init__(self, member_id: int, cookie: str, port: int = 0):
        self.member_id, self.cookie, self.port = member_id, cookie, port
        self._line: http.client.HTTPConnection | None = None

    def at(self, port: int) -> "Person":
        """The same member at another browser."""
        return Person(self.member_id, self.cookie, port)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, object], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode(form, doseq=True), headers)

    def post_and_leave(self, path: str, form: Mapping[str, object], seconds: float) -> None:
        """Send the form and cut the line after `seconds`, whatever the server did by then."""
        body = urlencode(form, doseq=True)
        headers = {**self._headers(), "Host": "127.0.0.1", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            line.settimeout(seconds)
            try:
                line.recv(1)
            except TimeoutError:
                return

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        try:
            self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self._line.request(method, path, body, {**self._headers(), **headers})
            answer = self._line.getresponse()
            return Answer(answer.status, answer.headers.get("Location", ""), answer.read())
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return NO_ANSWER

    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": self.cookie,
            "Sec-Fetch-Site": "same-origin",
            "Accept-Language": "fr",
            "Content-Type": "application/x-www-form-urlencoded",
        }


class Place:
    """A new association in `folder`, or in `database`, with people who are logged in and votes that are open."""

    def __init__(self, folder: Path, database: str = "", people: int = 8, polls: int = 1):
        folder.mkdir(exist_ok=True)
        self.folder, self.database = folder, database
        self.app: Flask = create_app(environ={"DATA_DIR": str(folder), "DATABASE_URL": database})
        upgrade(self.app)
        with self.app.app_context():
            make_association()
            found = [make_member(f"Membre {n}", email=f"membre{n}@exemple.org") for n in range(people)]
            made = [make_poll(found[0], f"Question {n} ?") for n in range(polls)]
            self.polls = [(poll.id, [option.id for option in poll.options]) for poll in made]
            with writing():
                tokens = [(member.id, members.open_session(member, "Firefox, Linux")) for member in found]
            self.people = [Person(member_id, cookie_of(self.app, token)) for member_id, token in tokens]
            db.session.remove()
            db.engine.dispose()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the database, read past the application."""
        if not self.database:
            with closing(sqlite3.connect(self.folder / "assoc.sqlite", timeout=PATIENCE)) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database.replace("+psycopg", "", 1)) as connection:
            found = connection.execute(query.encode())
            return found.fetchall() if found.description else []
