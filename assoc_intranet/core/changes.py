"""What happened, as rows: the feed, the live updates and the mails all read them. Written with what they tell of."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from flask import g, has_request_context, request
from sqlalchemy import ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Model, db

_PUBLISH_LOCK = 7_215_001
# What a session carries once something was published in it, for who waits for its commit.
NEWS = "news"


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
    return publish_all(kind, [(subject, details)], actor)[0]


def publish_all(kind: str, happened: Iterable[tuple[Model, dict[str, Any]]], actor: Any = None) -> list[Change]:
    """The same that happened to many, each with its details: one by one, thousands would hold the lock for seconds."""
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        # There, ids are drawn before the commit: without this lock a reader could step over a late one.
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISH_LOCK})
    at, actor_id = now(), actor.id if actor else None
    changes = [
        Change(
            kind=kind,
            subject=type(subject).__tablename__,
            subject_id=subject.id,
            actor_id=actor_id,
            at=at,
            details=details,
        )
        for subject, details in happened
    ]
    db.session.add_all(changes)
    db.session.flush()
    db.session.info[NEWS] = True
    return changes


F = TypeVar("F", bound=Callable[..., Any])
_kept: list[Callable[[], None]] = []


def until_change(most: int) -> Callable[[F], F]:
    """Remember what a page reads until something changes: every write publishes, so the cursor is its version.

    For plain values only (no rows), and only in requests that noted the cursor before they read anything. `most` is how
    many are kept.
    """

    def remember(read: F) -> F:
        @lru_cache(maxsize=most)
        def known(_database: object, _cursor: int, *args: Any) -> Any:
            return read(*args)

        @wraps(read)
        def recall(*args: Any) -> Any:
            # Who writes may still undo it, and SQLite would then give the same cursor to another change.
            is_dated = "cursor" in g and not g.get("writing")
            return known(db.engine, g.cursor, *args) if is_dated else read(*args)

        _kept.append(known.cache_clear)
        return cast("F", recall)

    return remember


def forget() -> None:
    """Drop what `until_change` remembers: for who replaces the database under a running process."""
    for clear in _kept:
        clear()


# A column for the first statement of a request, which saves one.
NEWEST = select(func.max(Change.id)).scalar_subquery()
_ALONE = select(NEWEST)


def cursor() -> int:
    """The id of the newest change: read it before the rows it dates."""
    return db.session.scalar(_ALONE) or 0


def date_page(newest: int | None) -> None:
    """Say what this request shows at least: called once, with what was read no later than its first row."""
    if has_request_context() and request.method == "GET" and "cursor" not in g:
        g.cursor = newest or 0
