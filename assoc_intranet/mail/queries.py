"""What waits in the outbox."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from assoc_intranet.core.db import db

from .models import Mail
from .rules import MOST_TRIES


def waiting(at: datetime, most: int) -> list[int]:
    """The mails to try now, the oldest first."""
    query = select(Mail.id).where(Mail.sent_at.is_(None), Mail.try_at <= at, Mail.tries < MOST_TRIES)
    return list(db.session.scalars(query.order_by(Mail.id).limit(most)))


def left_since(at: datetime) -> list[str | None]:
    """What the server last said of each mail that was written before `at` and has not left, the oldest first.

    Whoever got another one since is no longer waiting.
    """
    later = aliased(Mail)
    made_good = exists().where(later.recipient == Mail.recipient, later.id > Mail.id, later.sent_at.is_not(None))
    query = select(Mail.error).where(Mail.sent_at.is_(None), Mail.created_at <= at, ~made_good)
    return list(db.session.scalars(query.order_by(Mail.id)))
