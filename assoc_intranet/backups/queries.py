"""What is known of the copies: those that are there, and how the last attempt ended."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from assoc_intranet.association.models import ONLY
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.members.models import Member

from . import copies
from .copies import Copy

ASKED, MADE, FAILED = "backup.asked", "backup.made", "backup.failed"


@dataclass(frozen=True)
class Alarm:
    """The last good copy is too old, or there is none; `reason` is what the system said, if it said something."""

    last: datetime | None
    reason: str


def folder() -> Path:
    found: Path = current_app.config["DATA_DIR"] / "backups"
    return found


def there() -> list[Copy]:
    return copies.found_in(folder())


def newest(*kinds: str) -> Change | None:
    """The last thing that happened to the copies."""
    query = select(Change).where(Change.subject == "association", Change.subject_id == ONLY, Change.kind.in_(kinds))
    return db.session.scalar(query.order_by(Change.id.desc()).limit(1))


def is_asked() -> bool:
    """Whether somebody waits for a copy that nobody made yet."""
    last = newest(ASKED, MADE, FAILED)
    return last is not None and last.kind == ASKED


def failure() -> Change | None:
    """The last attempt, if it failed."""
    last = newest(MADE, FAILED)
    return last if last is not None and last.kind == FAILED else None


def alarm() -> Alarm | None:
    """Whether an administrator must look after the copies. A place that is a day old needs none yet."""
    last = next((copy.made_at for copy in copies.past(there(), now())), None)
    since = last or db.session.scalar(select(func.min(Member.joined_at)))
    if since is None or now() - since < copies.STALE:
        return None
    failed = failure()
    return Alarm(last, failed.details["reason"] if failed else "")


def administrators() -> list[Member]:
    return list(db.session.scalars(select(Member).where(Member.is_admin, Member.left_at.is_(None)).order_by(Member.id)))
