"""The copy of every night, and the one that somebody asked for."""

from datetime import datetime

from flask import current_app

from assoc_intranet.association import queries as association
from assoc_intranet.core.db import db
from assoc_intranet.jobs import due

from . import copies, queries
from .keeper import Keeper


@due
def make_copies(at: datetime) -> None:
    keeper: Keeper = current_app.extensions["keeper"]
    kind = _wanted(at, keeper)
    db.session.rollback()
    if kind:
        keeper.wake(kind)


def _wanted(at: datetime, keeper: Keeper) -> str | None:
    if queries.is_asked():
        return copies.BY_HAND
    is_time = not keeper.rests and copies.is_due(queries.there(), at, association.zone())
    return copies.NIGHTLY if is_time and association.current() else None
