"""One thread that hands mails to the server, so that a slow server holds up nothing else that is due."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from flask import Flask, current_app

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing

from . import queries, rules
from .letter import BadHeader, as_message
from .models import Mail

AT_ONCE = 20
TIMEOUT = 10
END_OF_MESSAGE = b"\r\n.\r\n"


class Unanswered(smtplib.SMTPException):
    """The server had the whole message and went away before it said whether it took it."""


class Postman:
    """`wake` starts the round in a thread of its own, unless one is under way."""

    def __init__(self, app: Flask):
        self.app = app
        self._busy = threading.Lock()

    def wake(self) -> None:
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._round, name="postman", daemon=True).start()

    def _round(self) -> None:
        try:
            with self.app.app_context():
                deliver()
        except Exception:
            self.app.logger.exception("mail: the round failed")
        finally:
            self._busy.release()


def deliver() -> None:
    """Send what waits. Each mail is claimed first: two servers never send the same one."""
    for mail_id in queries.waiting(now(), AT_ONCE):
        with writing():
            claimed = rules.claim(mail_id, now())
        if claimed:
            _send(mail_id)


def _send(mail_id: int) -> None:
    mail = db.session.get_one(Mail, mail_id)
    try:
        message = as_message(mail, current_app.config["MAIL_FROM"] or current_app.config["SMTP_USER"])
        # Nothing of the database is held while the server takes its time.
        db.session.rollback()
        _hand_over(message)
        error, handed_over = None, True
    except (OSError, smtplib.SMTPException, BadHeader, UnicodeError) as refused:
        db.session.rollback()
        error, handed_over = _words(refused), isinstance(refused, Unanswered)
        current_app.logger.warning("mail %s not sent: %r", mail_id, error)
    with writing():
        mail = db.session.get_one(Mail, mail_id)
        if error is None:
            rules.note_sent(mail)
        else:
            rules.note_failed(mail, error, handed_over)


def _words(refused: Exception) -> str:
    """What the server said, as it said it; else what went wrong, under its name."""
    said: tuple[int, bytes | str] | None
    said = next(iter(refused.recipients.values())) if isinstance(refused, smtplib.SMTPRecipientsRefused) else None
    if isinstance(refused, smtplib.SMTPResponseException):
        said = refused.smtp_code, refused.smtp_error
    if said is None:
        return f"{type(refused).__name__}: {refused}"
    code, words = said
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def _hand_over(message: Message) -> None:
    """Returns once the server took it; how it then says goodbye no longer matters."""
    is_taken, line = False, None
    try:
        with connected(TIMEOUT) as line:
            line.send_message(message)
            is_taken = True
    except smtplib.SMTPServerDisconnected as gone:
        if line is not None and line.has_message:
            raise Unanswered(str(gone)) from gone
        raise
    except smtplib.SMTPException:
        if not is_taken:
            raise


class Line(smtplib.SMTP):
    """A connection that knows whether the whole message went over it."""

    has_message = False

    def send(self, s: Any) -> None:
        super().send(s)
        self.has_message |= isinstance(s, bytes) and s.endswith(END_OF_MESSAGE)


class SecureLine(Line, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


@contextmanager
def connected(seconds: float) -> Iterator[Line]:
    """The mail server, once it knows who we are; no single word of it may take longer than `seconds`."""
    config = current_app.config
    host, port = config["SMTP_HOST"], config["SMTP_PORT"]
    server: Line
    if port == 465:
        server = SecureLine(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        server = Line(host, port, timeout=seconds)
    with server:
        if config["SMTP_TLS"] and port != 465:
            server.starttls(context=ssl.create_default_context())
        if config["SMTP_USER"]:
            server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
        yield server
