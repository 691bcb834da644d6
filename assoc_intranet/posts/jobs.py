"""What time makes happen to posts: the bin empties itself, and what was sent and not imported is thrown away."""

from datetime import datetime

from sqlalchemy import select

from assoc_intranet.core.db import db, writing
from assoc_intranet.jobs import due

from . import kept_sheets, rules
from .models import BIN, Post


@due
def empty_bin(at: datetime) -> None:
    if db.session.scalar(select(Post.id).where(Post.deleted_at <= at - BIN).limit(1)) is not None:
        db.session.rollback()
        with writing():
            rules.empty_bin()


@due
def forget_kept_sheets(at: datetime) -> None:
    kept_sheets.forget_old(at)
