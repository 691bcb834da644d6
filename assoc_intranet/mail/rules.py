"""Writing a mail to the outbox, and what becomes of it."""

from datetime import datetime, timedelta
from socket import gethostname
from typing import Any, cast

from flask import current_app, render_template, url_for
from sqlalchemy import CursorResult, delete, update

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import in_language

from .letter import LINE_BREAKS
from .models import Mail

# How long after each try the next one comes; after the last one, a day later, it is given up.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 820))
MOST_TRIES = len(PAUSES) + 1
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (recognised, not listened on)
KEPT = timedelta(days=30)
# Begins the error of a mail that was handed over once without an answer.
UNANSWERED = "(?) "


def can_send() -> bool:
    """Whether there is a mail server; where there is none, links are shown to be copied."""
    return bool(current_app.config["SMTP_HOST"])


def base_url() -> str:
    """Where we are for the world. Never what a request says of itself: anybody can write that."""
    config = current_app.config
    host = gethostname() if config["HOST"] in EVERYWHERE else config["HOST"]
    return str(config["BASE_URL"] or f"http://{host}:{config['PORT']}")


def absolute_url(endpoint: str, **values: Any) -> str:
    """An address to write in a mail."""
    with current_app.test_request_context():
        return base_url() + url_for(endpoint, **values)


def copyable_url(endpoint: str, **values: Any) -> str:
    """An address to copy from a page. Only who asked reads it, so what their browser calls us will do."""
    if current_app.config["BASE_URL"]:
        return absolute_url(endpoint, **values)
    return url_for(endpoint, **values, _external=True)


def queue(recipient: str, template: str, language: str, **context: Any) -> bool:
    """Put the mail `mail/<template>/` in the outbox, in the reader's language; False where no mail can leave."""
    if not can_send():
        return False
    with in_language(language):
        subject = render_template(f"mail/{template}/subject.txt", **context)
        body = render_template(f"mail/{template}/body.txt", **context)
    subject = LINE_BREAKS.sub(" ", subject).strip()
    db.session.add(Mail(recipient=recipient, subject=subject, body=body, created_at=now(), try_at=now()))
    return True


def claim(mail_id: int, at: datetime) -> bool:
    """Push the next try into the future: whoever does it first is the one to send."""
    mail = db.session.get_one(Mail, mail_id)
    pause = PAUSES[min(mail.tries, len(PAUSES) - 1)]
    statement = (
        update(Mail)
        .where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.try_at <= at, Mail.tries == mail.tries)
        .values(try_at=at + pause, tries=Mail.tries + 1)
    )
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def note_sent(mail: Mail) -> None:
    """What it said is forgotten: links stand in it."""
    mail.sent_at, mail.error, mail.body = now(), None, ""


def note_failed(mail: Mail, error: str, handed_over: bool = False) -> None:
    """It is tried again, for a day. What was handed over without an answer may have arrived: twice at most."""
    before = bool(mail.error and mail.error.startswith(UNANSWERED))
    if handed_over and before:
        mail.tries = MOST_TRIES
    mark = UNANSWERED if handed_over or before else ""
    mail.error = (mark + error)[:300]
    if mail.tries >= MOST_TRIES:
        mail.body = ""


def forget_old_mails() -> None:
    """Who was written to is nobody's business a month later."""
    db.session.execute(delete(Mail).where(Mail.created_at <= now() - KEPT))
