"""One thread that hands mails to the server, so that a slow server holds up nothing else that is due."""

import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

from flask import Flask, current_app

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing

from . import queries, rules
from .letter import BadHeader, as_message
from .models import Mail

AT_ONCE = 20
TIMEOUT = 10


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
        error = None
    except (OSError, smtplib.SMTPException, BadHeader, UnicodeError) as refused:
        db.session.rollback()
        error = f"{type(refused).__name__}: {refused}"
        current_app.logger.warning("mail %s not sent: %r", mail_id, error)
    with writing():
        mail = db.session.get_one(Mail, mail_id)
        if error is None:
            rules.note_sent(mail)
        else:
            rules.note_failed(mail, error)


def _hand_over(message: Message) -> None:
    with connected(TIMEOUT) as server:
        server.send_message(message)


@contextmanager
def connected(seconds: float) -> Iterator[smtplib.SMTP]:
    """The mail server, once it knows who we are; no single word of it may take longer than `seconds`."""
    config = current_app.config
    host, port = config["SMTP_HOST"], config["SMTP_PORT"]
    server: smtplib.SMTP
    if port == 465:
        server = smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    with server:
        if config["SMTP_TLS"] and port != 465:
            server.starttls(context=ssl.create_default_context())
        if config["SMTP_USER"]:
            server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
        yield server
