"""Due work: votes that close, posts that are due and mails that leave need a server that does it."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from assoc_intranet.association import queries as association
from assoc_intranet.core.clock import local, now
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import moment_words
from assoc_intranet.jobs.models import Lease

# A server that lives renews its lease every seven seconds, and takes the row away when it stops.
TOO_LONG = timedelta(minutes=1)


def look() -> Iterator[str]:
    try:
        until = db.session.scalar(select(Lease.until).where(Lease.name == "due"))
        known = association.face()
    except DatabaseError:
        return  # Nothing stands in it yet, or the check of the database has said why.
    finally:
        db.session.rollback()
    if known is None:
        return  # Before the first run, nothing can be due.
    if until is None:
        yield _("Nobody does what is due: start the server.")
    elif until < now() - TOO_LONG:
        since = moment_words(local(until, known.zone), local(now(), known.zone).date())
        yield _("Nobody has done what is due since %(since)s: start the server, it catches up.", since=since)
