"""The database: it answers, is whole, and has the tables of this version."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, DBAPIError

from assoc_intranet.core.db import db
from assoc_intranet.migrations import current, head

OLDEST = 15
RING = "NOTIFY assoc_intranet_doctor"


def reason(error: DBAPIError) -> str:
    """The first line of what the driver said."""
    return next(iter(str(error.orig).splitlines()), "?")


def look() -> Iterator[str]:
    try:
        revision = current()
        if db.engine.dialect.name == "sqlite":
            yield from _whole()
        else:
            yield from _postgresql()
    except DBAPIError as error:
        yield _("The database does not answer (%(reason)s): is DATABASE_URL right, does it run?", reason=reason(error))
        return
    finally:
        db.session.rollback()
    yield from _of_this_version(revision)


def _whole() -> Iterator[str]:
    if (fault := db.session.scalar(text("PRAGMA quick_check"))) != "ok":
        yield _("The database is damaged (%(fault)s): put back a backup.", fault=fault)


def _postgresql() -> Iterator[str]:
    number = int(db.session.scalar(text("SHOW server_version_num")) or 0)
    if number // 10_000 < OLDEST:
        yield _("PostgreSQL %(found)s is too old: use %(oldest)s or newer.", found=number // 10_000, oldest=OLDEST)
    try:
        db.session.execute(text(RING))
    except DatabaseError:
        yield _(
            "This database knows no NOTIFY: with several servers, pages learn of changes half a second later. "
            "With one server, nothing is missing."
        )


def _of_this_version(revision: str | None) -> Iterator[str]:
    wanted = head()
    if revision is not None and revision > wanted:
        yield _(
            "The database (%(found)s) is newer than this program (%(wanted)s): "
            "install the newer version again, or put back a backup of this one.",
            found=revision,
            wanted=wanted,
        )
    elif revision != wanted:
        yield _("The database is not up to date: start the server once, it does the rest.")
