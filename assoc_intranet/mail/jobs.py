"""Sending what waits in the outbox: each mail is claimed first, so that two servers never send the same one."""

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, select, update

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs import due

from .models import Mail

AT_ONCE = 20
TIMEOUT = 10
# The standard policy loses a space when it folds some French subjects: long lines are allowed instead.
POLICY = SMTP.clone(max_line_length=998)
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720))


@due
def send_mails(at: datetime) -> None:
    query = select(Mail.id).where(Mail.sent_at.is_(None), Mail.try_at <= at).order_by(Mail.id).limit(AT_ONCE)
    waiting = list(db.session.scalars(query))
    db.session.remove()
    for mail_id in waiting:
        if _claim(mail_id, at):
            _send(mail_id)


def _claim(mail_id: int, at: datetime) -> bool:
    """Push the next try into the future: whoever does it first is the one to send."""
    with writing():
        mail = db.session.get_one(Mail, mail_id)
        if mail.tries >= len(PAUSES):
            return False
        statement = (
            update(Mail)
            .where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.try_at <= at)
            .values(try_at=at + PAUSES[mail.tries], tries=Mail.tries + 1)
        )
        return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def _send(mail_id: int) -> None:
    mail = db.session.get_one(Mail, mail_id)
    message = as_message(mail, current_app.config["MAIL_FROM"] or current_app.config["SMTP_USER"])
    db.session.remove()
    try:
        _hand_to_server(message)
        outcome: dict[str, Any] = {"sent_at": now(), "error": None, "body": ""}
    except (OSError, smtplib.SMTPException) as error:
        outcome = {"error": f"{type(error).__name__}: {error}"[:300]}
        current_app.logger.warning("mail %s not sent: %s", mail_id, outcome["error"])
    with writing():
        db.session.execute(update(Mail).where(Mail.id == mail_id).values(**outcome))


def as_message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["From"] = formataddr(("", sender))
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = make_msgid(idstring=str(mail.id), domain=sender.partition("@")[2] or "localhost")
    message.set_content(mail.body)
    return message


def _hand_to_server(message: EmailMessage) -> None:
    config = current_app.config
    kind = smtplib.SMTP_SSL if config["SMTP_PORT"] == 465 else smtplib.SMTP
    with kind(config["SMTP_HOST"], config["SMTP_PORT"], timeout=TIMEOUT) as server:
        if config["SMTP_TLS"] and kind is smtplib.SMTP:
            server.starttls()
        if config["SMTP_USER"]:
            server.login(config["SMTP_USER"], config["SMTP_PASSWORD"])
        server.send_message(message)
