"""What happened, as rows: the feed, the live updates and the mails all read them. Written with what they tell of."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Model, db

_PUBLISH_LOCK = 7_215_001


class Change(Model):
    """One thing that happened. Ids grow in the order of commits, so that a reader who remembers one misses nothing."""

    __table_args__ = (Index(None, "subject", "subject_id"), {"sqlite_autoincrement": True})

    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]


def publish(kind: str, subject: Model, actor: Any = None, **details: Any) -> Change:
    """Record that `kind` (such as `ballot.cast`) happened to `subject`, in the transaction that made it happen."""
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        # There, ids are drawn before the commit: without this lock a reader could step over a late one.
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})
    change = Change(
        kind=kind,
        subject=type(subject).__tablename__,
        subject_id=subject.id,
        actor_id=actor.id if actor else None,
        at=now(),
        details=details,
    )
    db.session.add(change)
    db.session.flush()
    return change


_NEWEST = text("SELECT max(id) FROM change")


def cursor() -> int:
    """The id of the newest change: read it before the rows it dates."""
    return db.session.execute(_NEWEST).scalar() or 0
