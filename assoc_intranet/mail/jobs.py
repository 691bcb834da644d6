"""Looking in the outbox: what waits is the postman's, what is old is forgotten."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs import due

from . import queries, rules
from .models import Mail


@due
def send_mails(at: datetime) -> None:
    if rules.can_send() and queries.waiting(at, 1):
        current_app.extensions["postman"].wake()


@due
def forget_old_mails(at: datetime) -> None:
    old = db.session.scalar(select(Mail.id).where(Mail.created_at <= at - rules.KEPT).limit(1))
    if old is not None:
        with writing():
            rules.forget_old_mails()
