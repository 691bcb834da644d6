"""The nightly copy: made, and not long ago."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError

from assoc_intranet.backups import queries as backups
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db


def look() -> Iterator[str]:
    try:
        alarm = backups.alarm()
    except DatabaseError:
        return  # The check of the database has said why.
    finally:
        db.session.rollback()
    if alarm is None:
        return
    if alarm.last is None:
        yield _("No copy of the data was ever made: is the server serving at night?")
    else:
        hours = int((now() - alarm.last).total_seconds() // 3600)
        yield _("The last copy of the data is %(hours)s hours old: is the server serving at night?", hours=hours)
    if alarm.reason:
        yield _("The last attempt to make one failed: %(reason)s", reason=alarm.reason)
