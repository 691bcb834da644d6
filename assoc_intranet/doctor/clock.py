"""The clock and the time zone: votes close and posts are due by them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from assoc_intranet.association import queries as association
from assoc_intranet.core.changes import Change
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db

TOO_FAR = timedelta(seconds=5)
# Where systemd's time service says that it runs, and that it has heard from a server.
TIMESYNC = Path("/run/systemd/timesync")


def look() -> Iterator[str]:
    yield from _unheard()
    try:
        yield from _apart()
        yield from _behind()
        yield from _zone()
    except DatabaseError:
        return  # Nothing stands in it yet, or the check of the database has said why.
    finally:
        db.session.rollback()


def _unheard() -> Iterator[str]:
    if TIMESYNC.is_dir() and not (TIMESYNC / "synchronized").exists():
        yield _("The clock of this machine is not set by the network: run “timedatectl set-ntp true”.")


def _apart() -> Iterator[str]:
    """SQLite has no clock of its own."""
    if db.engine.dialect.name == "sqlite":
        return
    theirs = db.session.scalar(select(func.clock_timestamp()))
    apart = abs(theirs - now()) if theirs else timedelta()
    if apart > TOO_FAR:
        yield _(
            "The clock of the database is %(seconds)s seconds away from ours: set both by the network.",
            seconds=int(apart.total_seconds()),
        )


def _behind() -> Iterator[str]:
    newest = db.session.scalar(select(func.max(Change.at)))
    if newest is not None and newest > now() + TOO_FAR:
        yield _("The clock of this machine is behind what was written last: set it, else votes close too late.")


def _zone() -> Iterator[str]:
    zone = association.zone()
    if zone not in available_timezones():
        yield _("The time zone %(zone)s is unknown here: install the package tzdata.", zone=zone)
